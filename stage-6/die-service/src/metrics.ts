import type { Request, Response } from 'express';
import promBundle from 'express-prom-bundle';
import { Counter, Gauge, Histogram, openMetricsContentType, register, type Registry } from 'prom-client';

// prom-client accepts exemplars only in a registry that is set to OpenMetrics.
(register as Registry<any>).setContentType(openMetricsContentType);

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

export const databaseQueries = new Counter({
  name: 'database_queries_total',
  help: 'Queries of the database, each with its retries',
  labelNames: ['query_type', 'result'],
});

export const databaseQueryDuration = new Histogram<string>({
  name: 'database_query_duration_seconds',
  help: 'Duration of queries, with waiting for a connection and retries',
  labelNames: ['query_type'],
  buckets: [0.0005, 0.001, 0.002, 0.003, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2],
  enableExemplars: true,
});

export const databasePoolSize = new Gauge({
  name: 'database_connection_pool_size',
  help: 'Connections to the database that may be open',
});

export const databasePoolAvailable = new Gauge({
  name: 'database_connection_pool_available',
  help: 'Connections to the database that no query uses',
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
for (const status of [200, 400, 404, 500, 503]) {
  httpRequests.inc({ method: 'GET', handler: '/dice', status }, 0);
}

for (const query_type of ['list', 'get']) {
  databaseQueries.inc({ query_type, result: 'success' }, 0);
  databaseQueries.inc({ query_type, result: 'error' }, 0);
  databaseQueryDuration.zero({ query_type });
}

startAtZero('unknown');

export function startAtZero(identifier: string): void {
  dieSpecificationsRequested.inc({ identifier }, 0);
}
