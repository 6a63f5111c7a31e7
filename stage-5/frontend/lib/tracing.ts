import { context, SpanStatusCode, trace } from '@opentelemetry/api';
import type { RequestListener } from 'node:http';

const tracer = trace.getTracer('frontend');

// Runs an action in a span of its own, which becomes the active one.
export function withSpan<Result>(name: string, action: () => Promise<Result>): Promise<Result> {
  return tracer.startActiveSpan(name, (span) => action().finally(() => span.end()));
}

export function failSpan(error?: Error): void {
  const span = trace.getActiveSpan();

  span?.setStatus({ code: SpanStatusCode.ERROR });
  if (error) span?.recordException(error);
}

// Next.js writes to the span that it finds, even after the response, when that span has ended. It gets a copy of the ids.
export function withReadOnlySpan(listener: RequestListener): RequestListener {
  return (request, response) => {
    const active = context.active();
    const span = trace.getSpanContext(active);

    return context.with(span ? trace.setSpanContext(active, span) : active, listener, undefined, request, response);
  };
}
