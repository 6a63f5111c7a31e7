import { context, SpanStatusCode, trace } from '@opentelemetry/api';
import type { RequestListener } from 'node:http';

const tracer = trace.getTracer('frontend');

// Runs an action in a new span, which becomes the active one.
export function withSpan<Result>(name: string, action: () => Promise<Result>): Promise<Result> {
  return tracer.startActiveSpan(name, async (span) => {
    try {
      return await action();
    } catch (error) {
      failSpan(errorType(error as Error));
      throw error;
    } finally {
      span.end();
    }
  });
}

// What happened is in the log; the span says what kind of failure it was.
export function failSpan(type: string): void {
  trace.getActiveSpan()?.setStatus({ code: SpanStatusCode.ERROR }).setAttribute('error.type', type);
}

// The cause's code says more than the error: ECONNREFUSED, not "fetch failed".
export function errorType(error: Error): string {
  const { name, code } = (error.cause ?? error) as Error & { code?: unknown };

  return typeof code === 'string' ? code : name;
}

// Next.js changes the active span even after it ended. It gets a copy that records nothing.
export function withReadOnlySpan(listener: RequestListener): RequestListener {
  return (request, response) => {
    const active = context.active();
    const span = trace.getSpanContext(active);

    return context.with(span ? trace.setSpanContext(active, span) : active, listener, undefined, request, response);
  };
}
