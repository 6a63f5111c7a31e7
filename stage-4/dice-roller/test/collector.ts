import { once } from 'node:events';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import type { AddressInfo } from 'node:net';

export interface Span {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  status: { code?: number };
  attributes: Record<string, unknown>;
  events: string[];
}

const INTERNAL = 1;
const SERVER = 2;
const CLIENT = 3;
const ERROR = 2;
export { INTERNAL, SERVER, CLIENT, ERROR };

// Stands where the OpenTelemetry Collector stands: takes OTLP as JSON and keeps the spans.
export async function startCollector() {
  const spans: Span[] = [];
  const server = createServer(async (request, response) => {
    spans.push(...readSpans(await json(request)));
    response.setHeader('Content-Type', 'application/json').end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');

  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const environment = {
    OTEL_SERVICE_NAME: 'dice-roller',
    OTEL_TRACES_EXPORTER: 'otlp',
    OTEL_METRICS_EXPORTER: 'none',
    OTEL_LOGS_EXPORTER: 'none',
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${endpoint}/v1/traces`,
    // In a test's own process the SDK sees this server too; it makes no spans for a trace that is not sampled.
    OTEL_EXPORTER_OTLP_HEADERS: 'traceparent=00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00',
    OTEL_BSP_SCHEDULE_DELAY: '10',
  };

  return { spans, environment, close: () => server.close() };
}

function readSpans(request: any): Span[] {
  return request.resourceSpans
    .flatMap((resource: any) => resource.scopeSpans.flatMap((scope: any) => scope.spans))
    .map((span: any) => ({
      ...span,
      attributes: readAttributes(span.attributes),
      events: span.events.map((event: any) => event.name),
    }));
}

function readAttributes(attributes: any[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}
