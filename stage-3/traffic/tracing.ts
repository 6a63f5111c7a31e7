import { SpanStatusCode, trace, type Span } from '@opentelemetry/api';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from './target.ts';

type Ask = (url: string) => Promise<Response>;

// Makes the spans that the front end makes for a click; which service they are said to be of is in OTEL_SERVICE_NAME.
export function startTracing() {
  const sdk = new NodeSDK({
    // Tells the trace's ids to the back end, in the header traceparent. That it is alive is not worth a trace.
    instrumentations: [
      new UndiciInstrumentation({ ignoreRequestHook: ({ path }) => ['/healthz', '/dice'].includes(path) }),
    ],
  });
  sdk.start();

  const click = (die: string, url: string, ask: Ask) => inSpan({ 'die.type': die, 'backend.url': url }, () => ask(url));

  return { click, end: () => Promise.race([sdk.shutdown(), sleep(3000)]) };
}

function inSpan(attributes: Record<string, string>, ask: () => Promise<Response>): Promise<Answer> {
  return trace.getTracer('traffic').startActiveSpan('button click', { attributes }, (span) =>
    ask()
      .then(
        (response) => reportStatus(span, response),
        (error: Error) => reportError(span, error),
      )
      .finally(() => span.end()),
  );
}

function reportStatus(span: Span, response: Response): Answer {
  span.setAttribute('backend.status_code', response.status);
  if (response.status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });

  return { ok: response.ok, status: response.status, traceId: span.spanContext().traceId };
}

function reportError(span: Span, error: Error): never {
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.recordException(error);
  throw error;
}
