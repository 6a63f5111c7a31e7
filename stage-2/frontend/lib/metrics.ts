import { Counter, Histogram, openMetricsContentType, register, type Registry } from 'prom-client';
import { dieTypes } from './dice.ts';
import { sampledTrace } from './sampled-trace.ts';

function createMetrics() {
  // prom-client accepts exemplars only in a registry that is set to OpenMetrics.
  (register as Registry<any>).setContentType(openMetricsContentType);

  const buttonClicks = new Counter({
    name: 'frontend_button_clicks_total',
    help: 'Clicks on Run',
    labelNames: ['die_type'],
  });

  const requests = new Counter({
    name: 'frontend_requests_total',
    help: 'Requests to the back end',
    labelNames: ['die_type', 'status_code'],
  });

  const requestDuration = new Histogram({
    name: 'frontend_request_duration_seconds',
    help: 'Time until the back end has answered',
    labelNames: ['die_type'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.5, 2.5, 5, 10],
    enableExemplars: true,
  });

  return { buttonClicks, requests, requestDuration };
}

// Next.js bundles each route separately. Without this, each bundle would create its own metrics.
const shared = globalThis as { metrics?: ReturnType<typeof createMetrics> };
export const { buttonClicks, requests, requestDuration } = (shared.metrics ??= createMetrics());

// The exemplar leads from a point on a graph to the trace of this request. The types allow it only the metric's labels.
export function observeRequest(die_type: string, status_code: number, seconds: number): void {
  requests.inc({ die_type, status_code });
  requestDuration.observe({ labels: { die_type }, value: seconds, exemplarLabels: sampledTrace() as object });
}

// Series start at zero, so that the very first error shows as an increase.
for (const die_type of dieTypes) {
  buttonClicks.inc({ die_type }, 0);
  requestDuration.zero({ die_type });
  for (const status_code of [200, 500, 502]) requests.inc({ die_type, status_code }, 0);
}
