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

export const diceRolls = new Counter({
  name: 'dice_rolls_total',
  help: 'Rolls of a known die',
  labelNames: ['die_type', 'result'],
});

export const diceRollValue = new Histogram({
  name: 'dice_roll_value',
  help: 'Values rolled',
  labelNames: ['die_type'],
  // A face above 7 counts only in the bucket +Inf, and in sum and count.
  buckets: [1, 2, 3, 4, 5, 6, 7],
});

export const dieServiceRequests = new Counter({
  name: 'die_service_requests_total',
  help: 'Requests to die-service, by what it answered; 503 where it did not answer',
  labelNames: ['identifier', 'status'],
});

export const dieServiceRequestDuration = new Histogram({
  name: 'die_service_request_duration_seconds',
  help: 'Duration of requests to die-service',
  buckets: [0.001, 0.002, 0.003, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 2.5, 5],
  enableExemplars: true,
});

export const asyncRolls = new Counter({
  name: 'async_rolls_total',
  help: 'Batches of a known die; a batch has failed if one of its rolls has',
  labelNames: ['die_type', 'result'],
});

export const asyncRollBatchSize = new Histogram({
  name: 'async_roll_batch_size',
  help: 'Rolls in a batch',
  buckets: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20, 50, 100],
});

export const asyncRollDuration = new Histogram({
  name: 'async_roll_duration_seconds',
  help: 'Time until the last roll of a batch has ended',
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.5, 2.5, 5, 10],
  enableExemplars: true,
});

export const asyncRollsInProgress = new Gauge({
  name: 'async_rolls_in_progress',
  help: 'Rolls of batches that have begun and not ended',
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
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.5, 2.5, 5, 10],
  customLabels: { method: '', handler: '', status: '', die_type: '' },
  transformLabels: (labels, req, res) => {
    const known = httpLabels(req, res);
    // express-prom-bundle makes only the histogram http_request_duration_seconds, with the labels declared above.
    httpRequests.inc(known);
    Object.assign(labels, known, { die_type: res.locals.dieType ?? '' });
  },
});

// Series start at zero, so that the very first error shows as an increase.
for (const status of [200, 400, 500, 503]) {
  httpRequests.inc({ method: 'GET', handler: '/roll', status }, 0);
  httpRequests.inc({ method: 'GET', handler: '/roll-async', status }, 0);
}

for (const status of [404, 503]) {
  dieServiceRequests.inc({ identifier: 'unknown', status }, 0);
}

export function startAtZero(die_type: string): void {
  diceRolls.inc({ die_type, result: 'success' }, 0);
  diceRolls.inc({ die_type, result: 'error' }, 0);
  diceRollValue.zero({ die_type });
  asyncRolls.inc({ die_type, result: 'success' }, 0);
  asyncRolls.inc({ die_type, result: 'error' }, 0);
  dieServiceRequests.inc({ identifier: die_type, status: 200 }, 0);
  dieServiceRequests.inc({ identifier: die_type, status: 503 }, 0);
}
