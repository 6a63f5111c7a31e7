import express, { Router, type ErrorRequestHandler, type Request } from 'express';
import createHttpError from 'http-errors';
import { acceptance, decodeRequest, refusalBody, type ContentType, type Signal } from './decode.ts';
import type { LogLine, Span } from './model.ts';
import { logsOf, spansOf } from './read-request.ts';

const types: ContentType[] = ['application/x-protobuf', 'application/json'];
const signals: Signal[] = ['traces', 'logs', 'metrics'];

/**
 * The three endpoints of OTLP/HTTP. Metrics are read and dropped: Prometheus scrapes them from the services. Rules:
 * https://opentelemetry.io/docs/specs/otlp/#otlphttp
 */
export function otlpRoutes(addSpans: (spans: Span[]) => void, addLog: (line: LogLine) => void): Router {
  const router = Router();
  for (const signal of signals) {
    const route = router.route(`/v1/${signal}`);
    route.post(refuseOtherTypes, express.raw({ type: types, limit: '8mb' }), (request, response) => {
      const type = contentType(request)!;
      const message = decodeRequest(signal, type, Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0));
      if (signal === 'traces') addSpans(spansOf(message));
      if (signal === 'logs') logsOf(message).forEach(addLog);
      response.type(type).send(acceptance(type));
    });
    route.all(({ method }) => {
      throw createHttpError(405, `/v1/${signal} does not accept ${method}; POST telemetry to it.`, {
        headers: { allow: 'POST' },
      });
    });
  }
  return router.use(answerRefusal);
}

function contentType(request: Request): ContentType | undefined {
  const given = request.headers['content-type']?.split(';')[0]!.trim().toLowerCase();
  return types.find((type) => type === given);
}

function refuseOtherTypes(request: Request, _response: unknown, next: () => void): void {
  if (contentType(request)) return next();
  const given = request.headers['content-type'] ?? 'nothing';
  throw createHttpError(415, `The content type must be ${types.join(' or ')}; it is ${given}.`);
}

/** OTLP wants the reason in the form of the request, for the SDK to print. */
const answerRefusal: ErrorRequestHandler = (error, request, response, next) => {
  if (!request.path.startsWith('/v1/') || response.headersSent) return next(error);
  const type = contentType(request) ?? 'application/json';
  const { status = 500, headers = {}, message } = error;
  response
    .status(status)
    .set(headers)
    .type(type)
    .send(refusalBody(type, status, message));
};
