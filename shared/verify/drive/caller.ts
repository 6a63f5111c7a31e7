import { randomBytes } from 'node:crypto';

/** A caller's span that nobody sends, in a request that one of our tools makes. */
export interface Caller {
  traceId: string;
  /** The header that makes the request part of the trace: https://www.w3.org/TR/trace-context/#traceparent-header */
  traceparent: string;
}

/** A trace of its own for a request, so that it can be told which spans and log lines are its. */
export function newCaller(sampled = true): Caller {
  const traceId = randomBytes(16).toString('hex');
  const spanId = randomBytes(8).toString('hex');
  return { traceId, traceparent: `00-${traceId}-${spanId}-${sampled ? '01' : '00'}` };
}
