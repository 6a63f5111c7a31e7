import { selectIdentifiers } from './database.ts';
import { logger } from './logger.ts';
import { dieSpecificationsLoaded, startAtZero } from './metrics.ts';

export { selectSpecification as findSpecification } from './database.ts';

// The service starts also without its database, and then asks until it is there.
export async function loadSpecifications(): Promise<void> {
  try {
    logger.info('Die specifications loaded', { count: (await listIdentifiers()).length });
  } catch {
    setTimeout(loadSpecifications, 1000);
  }
}

export async function listIdentifiers(): Promise<string[]> {
  const identifiers = await selectIdentifiers();
  dieSpecificationsLoaded.set(identifiers.length);
  identifiers.forEach(startAtZero);

  return identifiers;
}
