import { SpanStatusCode, trace } from '@opentelemetry/api';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { setTimeout as sleep } from 'node:timers/promises';
import { request, type Answer } from './request.ts';

// OTEL_SERVICE_NAME says which service the spans belong to. Returns a function that sends the last of them.
export function startTracing(): () => Promise<void> {
  // Passes a click's trace on to the back end, in the header traceparent.
  const sdk = new NodeSDK({ instrumentations: [new UndiciInstrumentation({ requireParentforSpans: true })] });
  sdk.start();

  // Once the spans are sent, the program need not wait.
  const timeout = () => sleep(3000, undefined, { ref: false });

  return () =>
    Promise.race([sdk.shutdown(), timeout()]).catch(({ message }) => console.error(`Spans were lost: ${message}`));
}

// The span that the front end would make for a click.
export function requestInClick(die: string, url: string): Promise<Answer> {
  const attributes = { 'die.type': die, 'backend.url': url };

  return trace.getTracer('traffic').startActiveSpan('button click', { attributes }, async (span) => {
    const traceId = span.isRecording() ? span.spanContext().traceId : undefined;

    const answer = await request(url).catch(() => undefined);
    if (answer) span.setAttribute('backend.status_code', answer.status);
    if (!answer || answer.status >= 500) {
      span.setStatus({ code: SpanStatusCode.ERROR }).setAttribute('error.type', String(answer?.status ?? '_OTHER'));
    }
    span.end();

    if (!answer) throw new Error('dice-roller does not answer');
    return { ...answer, traceId };
  });
}
