import { trace, TraceFlags } from '@opentelemetry/api';

// The ids of a trace that can be opened. A span that was not sampled has ids too, but is never sent.
export function sampledTrace() {
  const span = trace.getActiveSpan()?.spanContext();
  return span && span.traceFlags & TraceFlags.SAMPLED ? { trace_id: span.traceId, span_id: span.spanId } : {};
}
