import { context, diag, DiagLogLevel, ROOT_CONTEXT, type Attributes, type Span } from '@opentelemetry/api';
import { ExpressInstrumentation, ExpressLayerType } from '@opentelemetry/instrumentation-express';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { register } from 'import-in-the-middle/register-hooks.mjs';
import { setTimeout as sleep } from 'node:timers/promises';
import { cut, logger } from './logger.ts';

// Instruments packages that are imported as ES modules, if all share this one copy of import-in-the-middle.
register({ include: ['express'] });

// Log the SDK's own errors outside any trace: they belong to no request.
function report(...parts: unknown[]): void {
  // An Error arrives as JSON that begins with its stack; the first line is enough.
  const error = parts.join(': ').replace(/^\{"stack":"(.*?)\\n.*/s, '$1');
  context.with(ROOT_CONTEXT, () => logger.warn('Telemetry error', { error: cut(error) }));
}
diag.setLogger({ error: report, warn: report, info() {}, debug() {}, verbose() {} }, DiagLogLevel.WARN);

// Exporter, service name and the rest come from the OTEL_* environment variables.
const sdk = new NodeSDK({
  instrumentations: [
    new HttpInstrumentation({
      ignoreIncomingRequestHook: ({ url = '' }) => /^\/(healthz|metrics)(\?|$)/.test(url),
      applyCustomAttributesOnSpan(span, _request, response) {
        if (!('writableFinished' in response) || !span.isRecording()) return;
        const { name, attributes } = span as Span & { name: string; attributes: Attributes };
        // A span's name contains only methods that HTTP knows.
        if (attributes['http.request.method'] === '_OTHER') span.updateName(name.replace(/^\S+/, 'HTTP'));
        if (response.writableFinished) return;
        // A client that left was sent no status code, so its span must not claim one. The API cannot remove an attribute.
        delete attributes['http.response.status_code'];
        span.setAttribute('error.type', 'client_disconnected');
      },
    }),
    // Make no spans for Express's layers; they still name the route.
    new ExpressInstrumentation({ ignoreLayersType: Object.values(ExpressLayerType) }),
  ],
});

sdk.start();

// Sends the last spans. A collector that refuses them, or does not answer, must not delay the exit or change its code.
export async function shutdownTelemetry(): Promise<void> {
  await Promise.race([sdk.shutdown(), sleep(3000).then(() => Promise.reject('Spans not sent in 3 s'))]).catch(report);
}
