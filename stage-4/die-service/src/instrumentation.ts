import { context, diag, DiagLogLevel, ROOT_CONTEXT } from '@opentelemetry/api';
import { ExpressInstrumentation, ExpressLayerType } from '@opentelemetry/instrumentation-express';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { register } from 'import-in-the-middle/register-hooks.mjs';
import { setTimeout as sleep } from 'node:timers/promises';
import { cut, logger } from './logger.ts';

// Without this hook, instrumentation does not see packages that are imported as ES modules.
register({ include: ['express'] });

// The SDK's own troubles, such as a collector that is away; they belong to no request. When a client goes away, its span
// ends before the handler has said all about it: that is none.
const report = (error: string) =>
  error.includes('ended Span') ||
  context.with(ROOT_CONTEXT, () => logger.warn('Telemetry error', { error: cut(error) }));
diag.setLogger({ error: report, warn: report, info() {}, debug() {}, verbose() {} }, DiagLogLevel.WARN);

const unobserved = ['/healthz', '/readyz', '/metrics'];

// Exporter, service name and the rest come from the environment variables OTEL_*.
const sdk = new NodeSDK({
  instrumentations: [
    new HttpInstrumentation({
      ignoreIncomingRequestHook: ({ url = '' }) => unobserved.includes(url.split('?')[0]),
    }),
    // One span a request: Express's layers are not shown, but they still name the route.
    new ExpressInstrumentation({ ignoreLayersType: Object.values(ExpressLayerType) }),
  ],
});

sdk.start();

// Sends the last spans. A collector that does not answer would hold up the exit for ever.
export async function shutdownTelemetry(): Promise<void> {
  await Promise.race([sdk.shutdown(), sleep(3000)]);
}
