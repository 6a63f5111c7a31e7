import { randomBytes } from 'node:crypto';

/** A caller's span that nobody sends, in a request that one of our tools makes. */
export interface Caller {
  traceId: string;
  spanId: string;
  /** The header that makes the request part of the trace: https://www.w3.org/TR/trace-context/#traceparent-header */
  traceparent: string;
}

/** Spans of earlier runs are still there, so a caller's span is known by how its id begins. */
const prefix = 'd1ced1ce';

/** A trace of its own for a request, so that it can be told which spans and log lines are its. */
export function newCaller(): Caller {
  const traceId = randomBytes(16).toString('hex');
  const spanId = prefix + randomBytes(4).toString('hex');
  return { traceId, spanId, traceparent: `00-${traceId}-${spanId}-01` };
}

/** Whether a span was called by one of our tools, so that it is a root as far as the stage goes. */
export function isCaller(spanId: string): boolean {
  return spanId.startsWith(prefix);
}
