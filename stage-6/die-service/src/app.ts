import { trace } from '@opentelemetry/api';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import createError, { isHttpError } from 'http-errors';
import { isDatabaseReady } from './database.ts';
import { findSpecification, listIdentifiers } from './dice.ts';
import { registryFor } from './exposition.ts';
import { cut, logger } from './logger.ts';
import { dieListRequests, dieSpecificationsRequested, httpMetrics } from './metrics.ts';

export function createApp(): Express {
  const app = express();
  // None of these is used, and each costs time in every request.
  app.disable('etag').disable('x-powered-by').set('query parser', 'simple');
  app.enable('case sensitive routing').enable('strict routing');

  app.route('/healthz').get(handleHealth).all(rejectMethod);
  app.route('/readyz').get(handleReady).all(rejectMethod);
  app.route('/metrics').get(handleMetrics).all(rejectMethod);
  // Errors in health and metrics requests are answered here, and not logged.
  app.use(handleError, httpMetrics);
  app.route('/dice').get(handleList, handleSpecification).all(rejectMethod);
  app.use(rejectPath, logError, handleError);

  return app;
}

const handleHealth: RequestHandler = (_req, res) => {
  res.json({ status: 'ok' });
};

const handleReady: RequestHandler = async (_req, res) => {
  const database = await isDatabaseReady();
  res.status(database ? 200 : 503).json({ database: database ? 'ok' : 'down' });
};

const handleMetrics: RequestHandler = async (req, res) => {
  const registry = registryFor(req.get('Accept'));

  res.set('Content-Type', registry.contentType).send(await registry.metrics());
};

const handleList: RequestHandler = async (req, res, next) => {
  if (req.query.identifier !== undefined) return next();

  const identifiers = await listIdentifiers();
  dieListRequests.inc();
  logger.info('Die list requested', { identifiers: identifiers.slice(0, 20), count: identifiers.length });
  res.json({ identifiers });
};

const handleSpecification: RequestHandler = async (req, res) => {
  const { identifier } = req.query;

  if (typeof identifier !== 'string' || identifier === '') {
    throw createError(400, 'identifier must be given once, and not be empty');
  }

  const span = trace.getActiveSpan();
  span?.setAttribute('die.identifier', cut(identifier));
  const specification = await findSpecification(identifier);
  // If the client has left, the span has already ended.
  if (span?.isRecording()) span.setAttribute('die.found', Boolean(specification));
  dieSpecificationsRequested.inc({ identifier: specification ? identifier : 'unknown' });

  if (!specification) {
    logger.warn('Unknown die requested', { identifier: cut(identifier) });
    res.status(404).json({ error: 'There is no such die' });
    return;
  }

  logger.info('Die specification requested', { identifier });
  res.json(specification);
};

const rejectMethod: RequestHandler = (_req, res) => {
  res.set('Allow', 'GET, HEAD');
  throw createError(405, 'This path answers GET only');
};

const rejectPath: RequestHandler = () => {
  throw createError(404, 'There is nothing at this path');
};

const logError: ErrorRequestHandler = (error, _req, _res, next) => {
  // A failure of the database or its data is logged where it is thrown.
  if (isHttpError(error) && error.status >= 500) return next(error);

  if (!isHttpError(error) || error.status >= 500) {
    // A bug's stack shows where it is. For an error thrown on purpose, the message is enough.
    logger.error('Request failed', { error: isHttpError(error) ? error.message : error.stack });
  } else {
    logger.warn('Request rejected', { error: error.message });
  }
  next(error);
};

const handleError: ErrorRequestHandler = (error, _req, res, _next) => {
  const status = isHttpError(error) ? error.status : 500;

  if (isHttpError(error)) res.set(error.headers ?? {});
  res.status(status).json({ error: isHttpError(error) ? error.message : 'Internal error' });
};
