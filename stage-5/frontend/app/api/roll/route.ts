import { trace } from '@opentelemetry/api';
import type { NextRequest } from 'next/server';
import { reportBatch } from '../../../lib/batch.ts';
import { requestRoll } from '../../../lib/dice-roller.ts';
import { knownDie } from '../../../lib/dice.ts';
import { logger } from '../../../lib/logger.ts';
import { buttonClicks } from '../../../lib/metrics.ts';
import { withSpan } from '../../../lib/tracing.ts';

export async function GET(request: NextRequest): Promise<Response> {
  const query = request.nextUrl.searchParams;
  const times = query.get('async') === 'true' ? query.getAll('times') : undefined;
  if (query.has('times') && !times) return rejectTimes();

  return withSpan('button click', () => handleClick(query.getAll('die'), times));
}

async function handleClick(dice: string[], times?: string[]): Promise<Response> {
  const dieType = knownDie(dice);

  const span = trace.getActiveSpan();
  span?.setAttribute('die.type', dieType);
  logger.info('Button clicked', { die_type: dieType });
  buttonClicks.inc({ die_type: dieType });
  if (times) reportBatch(times);

  const { status, contentType, body } = await requestRoll(dice, dieType, times);

  const traceId = span?.spanContext().traceId ?? '';
  return new Response(body, { status, headers: { 'Content-Type': contentType, 'X-Trace-Id': traceId } });
}

function rejectTimes(): Response {
  logger.warn('Request rejected', { error: 'times goes with async=true only' });

  return Response.json({ error: 'times goes with async=true only' }, { status: 400 });
}

function rejectMethod(): Response {
  logger.warn('Request rejected', { error: 'This path answers GET only' });

  return Response.json({ error: 'This path answers GET only' }, { status: 405, headers: { Allow: 'GET, HEAD' } });
}

export { rejectMethod as DELETE, rejectMethod as OPTIONS, rejectMethod as PATCH };
export { rejectMethod as POST, rejectMethod as PUT };
