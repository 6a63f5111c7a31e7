import { cut, logger } from './logger.ts';
import { asyncRollRequests, batchSizes } from './metrics.ts';

// dice-roller decides how many rolls there may be. A label takes only the numbers that the page offers.
export function reportBatch(times: string[]): void {
  const batch_size = times.length === 1 && batchSizes.includes(times[0]) ? times[0] : 'other';

  logger.info('Async roll requested', { times: cut(times.join()) });
  asyncRollRequests.inc({ batch_size });
}
