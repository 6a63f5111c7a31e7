import { Counter, Histogram, Registry, type OpenMetricsContentType } from 'prom-client';
import { dieTypes } from './dice.ts';
import { traceContext } from './logger.ts';

function createMetrics() {
  const registry = new Registry<OpenMetricsContentType>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);

  const registers = [registry];

  const buttonClicks = new Counter({
    name: 'frontend_button_clicks_total',
    help: 'Clicks on Run',
    labelNames: ['die_type'],
    registers,
  });

  const requests = new Counter({
    name: 'frontend_requests_total',
    help: 'Requests to the back end',
    labelNames: ['die_type', 'status_code'],
    registers,
  });

  const requestDuration = new Histogram({
    name: 'frontend_request_duration_seconds',
    help: 'Time until the back end has answered',
    labelNames: ['die_type'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.5, 2.5, 5, 10],
    enableExemplars: true,
    registers,
  });

  return { registry, buttonClicks, requests, requestDuration };
}

// Next.js may load a module several times: for routes, for instrumentation.ts, after a change. All count in the same metrics.
const shared = globalThis as { metrics?: ReturnType<typeof createMetrics> };
export const { registry, buttonClicks, requests, requestDuration } = (shared.metrics ??= createMetrics());

// The exemplar leads from a point on a graph to the trace of this very request. The types allow it only the metric's labels.
export function observeRequest(die_type: string, status_code: number, seconds: number): void {
  requests.inc({ die_type, status_code });
  requestDuration.observe({ labels: { die_type }, value: seconds, exemplarLabels: traceContext() as object });
}

// Series start at zero, so that the very first error shows as an increase.
for (const die_type of dieTypes) {
  buttonClicks.inc({ die_type }, 0);
  requestDuration.zero({ die_type });
  for (const status_code of [200, 500, 502]) requests.inc({ die_type, status_code }, 0);
}
