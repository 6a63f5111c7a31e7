import { SpanStatusCode, trace } from '@opentelemetry/api';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from './target.ts';

// Which service its spans are said to be of, is in OTEL_SERVICE_NAME. Returns what sends the last of them.
export function startTracing(): () => Promise<void> {
  const sdk = new NodeSDK({
    // Tells the trace's ids to the back end, in the header traceparent. That it is alive is not worth a trace.
    instrumentations: [
      new UndiciInstrumentation({ ignoreRequestHook: ({ path }) => ['/healthz', '/dice'].includes(path) }),
    ],
  });
  sdk.start();

  return () => Promise.race([sdk.shutdown(), sleep(3000)]);
}

// The span that the front end makes for a click.
export function inClickSpan(die: string, url: string, ask: (url: string) => Promise<Answer>): Promise<Answer> {
  const attributes = { 'die.type': die, 'backend.url': url };

  return trace.getTracer('traffic').startActiveSpan('button click', { attributes }, async (span) => {
    const response = await ask(url).catch(() => undefined);
    if (response) span.setAttribute('backend.status_code', response.status);
    if (!response || response.status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end();

    return response ?? Promise.reject(new Error('dice-roller does not answer'));
  });
}
