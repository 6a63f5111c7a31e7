import type { Request, Response } from 'express';
import promBundle from 'express-prom-bundle';
import { Counter, Gauge } from 'prom-client';

export const httpRequests = new Counter({
  name: 'http_requests_total',
  help: 'HTTP requests by status; 499 if the client left before it was answered',
  labelNames: ['method', 'handler', 'status'],
});

export const dieSpecificationsRequested = new Counter({
  name: 'die_specifications_requested_total',
  help: 'Requests for the specification of one die',
  labelNames: ['identifier'],
});

export const dieListRequests = new Counter({
  name: 'die_list_requests_total',
  help: 'Requests for the list of all dice',
});

export const dieSpecificationsLoaded = new Gauge({
  name: 'die_specifications_loaded',
  help: 'Dice there are',
});

// A label takes only values known in advance: a client must not be able to create time series.
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

function httpLabels(req: Request, res: Response) {
  return {
    method: methods.includes(req.method) ? req.method : '_OTHER',
    handler: req.route ? req.baseUrl + req.route.path : 'unmatched',
    // 499 is what nginx logs if the client left before it was answered.
    status: res.writableFinished ? res.statusCode : 499,
  };
}

export const httpMetrics = promBundle({
  autoregister: false,
  includeUp: false,
  includeStatusCode: false,
  // Most answers take about a millisecond.
  buckets: [0.0005, 0.001, 0.002, 0.003, 0.004, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
  customLabels: { method: '', handler: '', status: '' },
  transformLabels: (labels, req, res) => {
    const known = httpLabels(req, res);
    // express-prom-bundle makes only the histogram http_request_duration_seconds, with the labels declared above.
    httpRequests.inc(known);
    Object.assign(labels, known);
  },
});

// Series start at zero, so that the very first error shows as an increase.
for (const status of [200, 400, 404]) {
  httpRequests.inc({ method: 'GET', handler: '/dice', status }, 0);
}

startAtZero('unknown');

export function startAtZero(identifier: string): void {
  dieSpecificationsRequested.inc({ identifier }, 0);
}
