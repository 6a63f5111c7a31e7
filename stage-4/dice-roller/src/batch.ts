import { SpanStatusCode, trace } from '@opentelemetry/api';
import createError from 'http-errors';
import { config } from './config.ts';
import { roll, type Die } from './die.ts';
import { logger } from './logger.ts';
import { asyncRollBatchSize, asyncRollDuration, asyncRolls, asyncRollsInProgress } from './metrics.ts';
import { sampledTrace } from './sampled-trace.ts';

const tracer = trace.getTracer('dice-roller');

export function readTimes(times: unknown): number | undefined {
  const valid = typeof times === 'string' && /^[1-9]\d*$/.test(times) && Number(times) <= config.maxBatchSize;

  return valid ? Number(times) : undefined;
}

// Answers when the last roll has ended, even if another failed before: no roll's span may outlive its parent.
export async function rollBatch(die: Die, times: number): Promise<number[]> {
  logger.info('Async roll batch started', { die_type: die.type, times });
  asyncRollBatchSize.observe(times);

  const started = performance.now();
  const rolls = await Promise.allSettled(Array.from({ length: times }, (_, index) => rollInSpan(die, index)));
  const value = (performance.now() - started) / 1000;

  const values = rolls.flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value : []));
  const failed = times - values.length;
  asyncRolls.inc({ die_type: die.type, result: failed ? 'error' : 'success' });
  asyncRollDuration.observe({ labels: {}, value, exemplarLabels: sampledTrace() });
  if (failed) throw createError(500, `${failed} of ${times} rolls failed`);

  return values;
}

// The roll's span is the active one in everything it awaits, however many others are running.
function rollInSpan(die: Die, index: number): Promise<number> {
  return tracer.startActiveSpan('async roll', { attributes: { 'async.roll_index': index } }, async (span) => {
    asyncRollsInProgress.inc();

    try {
      const value = await roll(die);
      span.setAttribute('die.result', value);
      logger.info('Async die rolled', { die_type: die.type, roll_index: index, roll_value: value });

      return value;
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR }).setAttribute('error.type', (error as Error).name);
      logger.warn('Async roll failed', { die_type: die.type, roll_index: index, error: (error as Error).message });
      throw error;
    } finally {
      asyncRollsInProgress.dec();
      span.end();
    }
  });
}
