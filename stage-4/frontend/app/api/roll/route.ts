import { trace } from '@opentelemetry/api';
import { reportBatch } from '../../../lib/batch.ts';
import { requestRoll } from '../../../lib/dice-roller.ts';
import { knownDie } from '../../../lib/dice.ts';
import { logger } from '../../../lib/logger.ts';
import { buttonClicks } from '../../../lib/metrics.ts';
import { reject } from '../../../lib/reject.ts';
import { sampledTrace } from '../../../lib/sampled-trace.ts';
import { withSpan } from '../../../lib/tracing.ts';

export async function GET(request: Request): Promise<Response> {
  const query = new URL(request.url).searchParams;
  const times = query.get('async') === 'true' ? query.getAll('times') : undefined;
  if (query.has('times') && !times) return reject(400, 'times goes with async=true only');

  return withSpan('button click', () => handleClick(query.getAll('die'), times));
}

async function handleClick(dice: string[], times?: string[]): Promise<Response> {
  const dieType = knownDie(dice);

  trace.getActiveSpan()?.setAttribute('die.type', dieType);
  logger.info('Button clicked', { die_type: dieType });
  buttonClicks.inc({ die_type: dieType });
  if (times) reportBatch(times);

  const { status, contentType, body } = await requestRoll(dice, dieType, times);

  const { trace_id } = sampledTrace();
  const headers = { 'Content-Type': contentType, ...(trace_id && { 'X-Trace-Id': trace_id }) };
  return new Response(body, { status, headers });
}

function rejectMethod(): Response {
  return reject(405, 'This path answers GET only', { Allow: 'GET, HEAD' });
}

export { rejectMethod as DELETE, rejectMethod as OPTIONS, rejectMethod as PATCH };
export { rejectMethod as POST, rejectMethod as PUT };
