import { context, diag, DiagLogLevel, ProxyTracerProvider, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { NodeSDK } from '@opentelemetry/sdk-node';
import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { cut, logger } from './lib/logger.ts';

// The SDK's own troubles, such as a collector that is away; they belong to no request. When a client goes away, its span
// ends before the handler has said all about it: that is none.
const report = (error: string) =>
  error.includes('ended Span') ||
  context.with(ROOT_CONTEXT, () => logger.warn('Telemetry error', { error: cut(error) }));
diag.setLogger({ error: report, warn: report, info() {}, debug() {}, verbose() {} }, DiagLogLevel.WARN);

// Pages and their files, health and metrics stay out of the traces.
const observed = ['/api/roll', '/api/sign-in', '/api/sign-out'];
const pathOf = ({ url = '' }: IncomingMessage) => url.split('?')[0];

// Exporter, service name and the rest come from the environment variables OTEL_*.
const sdk = new NodeSDK({
  instrumentations: [
    new HttpInstrumentation({
      ignoreIncomingRequestHook: (request) => !observed.includes(pathOf(request)),
      // A client may put the name into the address, although it belongs into the body.
      redactedQueryParamsServer: ['name'],
      // There is no router that would name the route, as Express does.
      requestHook: (span, request) => {
        const route = pathOf(request as IncomingMessage);
        span.updateName(`${request.method} ${route}`).setAttribute('http.route', route);
      },
      disableOutgoingRequestInstrumentation: true,
    }),
    // Requests by fetch(): a span for each, whose ids it sends along in the header traceparent.
    new UndiciInstrumentation(),
  ],
});

sdk.start();
// Instrumentation acts when a module is loaded, and this one has long been.
process.getBuiltinModule('node:http');

// Next.js makes spans of its own, half a dozen a request. It gets a tracer that makes none.
const provider = trace.getTracerProvider() as ProxyTracerProvider;
const recording = provider.getDelegate();
const silent = new ProxyTracerProvider();
provider.setDelegate({
  getTracer: (name, ...rest) => (name === 'next.js' ? silent : recording).getTracer(name, ...rest),
});

declare global {
  var shutdownTelemetry: undefined | (() => Promise<void>);
}

// Sends the last spans. A collector that does not answer would hold up the exit for ever.
// Next.js bundles this file, so server.ts cannot import it.
globalThis.shutdownTelemetry = async () => {
  await Promise.race([sdk.shutdown(), sleep(3000)]);
};
