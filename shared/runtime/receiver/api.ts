import { Router, type Request } from 'express';
import createHttpError from 'http-errors';
import type { Memory } from './memory.ts';
import type { Stream } from './stream.ts';

/**
 * What the receiver has kept, as JSON:
 * `GET /api/traces?limit=&settled=1` newest first (`settled` waits until none is growing), `GET /api/traces/:id` with
 * spans and log lines, `GET /api/logs?limit=&service=&trace=` newest first, and `GET /api/stream`, live.
 */
export function apiRoutes(memory: Memory, stream: Stream): Router {
  const router = Router();
  router.get('/api/traces', async (request, response) => {
    const limit = limitOf(request);
    if (request.query.settled !== undefined) await memory.settled();
    response.json({ traces: memory.traces(limit) });
  });
  router.get('/api/traces/:id', (request, response) => {
    const trace = memory.trace(request.params.id);
    if (!trace) throw createHttpError(404, `There is no trace ${request.params.id}; only the newest are kept.`);
    response.json(trace);
  });
  router.get('/api/logs', (request, response) => {
    const { service, trace } = request.query;
    const logs = memory.logs(
      limitOf(request),
      (line) => (service === undefined || line.service === service) && (trace === undefined || line.traceId === trace),
    );
    response.json({ logs });
  });
  router.get('/api/stream', (_request, response) => stream.join(response));
  return router;
}

function limitOf({ query }: Request): number {
  const limit = Number(query.limit ?? 100);
  if (!Number.isInteger(limit) || limit < 1) throw createHttpError(400, 'limit must be a whole number from 1.');
  return limit;
}
