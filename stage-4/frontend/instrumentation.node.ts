import { context, diag, DiagLogLevel, ProxyTracerProvider, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import type { Attributes, Span } from '@opentelemetry/api';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { NodeSDK } from '@opentelemetry/sdk-node';
import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { cut, logger } from './lib/logger.ts';

// Log the SDK's own errors outside any trace: they belong to no request.
function report(...parts: unknown[]): void {
  // An Error arrives as JSON that begins with its stack; the first line is enough.
  const error = parts.join(': ').replace(/^\{"stack":"(.*?)\\n.*/s, '$1');
  context.with(ROOT_CONTEXT, () => logger.warn('Telemetry error', { error: cut(error) }));
}
diag.setLogger({ error: report, warn: report, info() {}, debug() {}, verbose() {} }, DiagLogLevel.WARN);

// Pages and their files, health and metrics stay out of the traces.
const routes = ['/api/roll', '/run'];
const routeOf = ({ url = '' }: IncomingMessage) => routes.find((route) => route === url.split('?')[0]);
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'CONNECT', 'TRACE', 'QUERY'];

// Exporter, service name and the rest come from the OTEL_* environment variables.
const sdk = new NodeSDK({
  instrumentations: [
    new HttpInstrumentation({
      ignoreIncomingRequestHook: (request) => !routeOf(request),
      // Next.js names the route too late, when the span has ended.
      requestHook: (span, request) => {
        const route = routeOf(request as IncomingMessage)!;
        const method = methods.includes(request.method!) ? request.method : 'HTTP';
        span.updateName(`${method} ${route}`).setAttribute('http.route', route);
      },
      // A client that left was sent no status code, so its span must not claim one. The API cannot remove an attribute.
      applyCustomAttributesOnSpan(span, _request, response) {
        if (!('writableFinished' in response) || response.writableFinished || !span.isRecording()) return;
        delete (span as Span & { attributes: Attributes }).attributes['http.response.status_code'];
        span.setAttribute('error.type', 'client_disconnected');
      },
      disableOutgoingRequestInstrumentation: true,
    }),
    // Makes a span for each fetch(), and sends its ids in the header traceparent.
    new UndiciInstrumentation(),
  ],
});

sdk.start();
// node:http was loaded before the SDK started. Requesting it again lets the instrumentation patch it.
process.getBuiltinModule('node:http');

// Next.js gets a no-op tracer; otherwise it adds about six spans per request.
const provider = trace.getTracerProvider() as ProxyTracerProvider;
const recording = provider.getDelegate();
const silent = new ProxyTracerProvider();
provider.setDelegate({
  getTracer: (name, ...rest) => (name === 'next.js' ? silent : recording).getTracer(name, ...rest),
});

declare global {
  var shutdownTelemetry: undefined | (() => Promise<void>);
}

// Sends the last spans. A collector that refuses them, or does not answer, must not delay the exit or change its code.
// Next.js bundles this file, so server.ts cannot import it.
globalThis.shutdownTelemetry = async () => {
  await Promise.race([sdk.shutdown(), sleep(3000).then(() => Promise.reject('Spans not sent in 3 s'))]).catch(report);
};
