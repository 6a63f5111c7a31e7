import { trace } from '@opentelemetry/api';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import createError, { isHttpError } from 'http-errors';
import { dieTypes, findDie, roll } from './die.ts';
import { registryFor } from './exposition.ts';
import { cut, logger } from './logger.ts';
import { diceRolls, httpMetrics } from './metrics.ts';

export function createApp(): Express {
  const app = express();
  // None of these is used, and each costs time in every request.
  app.disable('etag').disable('x-powered-by').set('query parser', 'simple');
  app.enable('case sensitive routing').enable('strict routing');

  app.route('/healthz').get(handleHealth).all(rejectMethod);
  app.route('/metrics').get(handleMetrics).all(rejectMethod);
  // Errors in health and metrics requests are answered here, and not logged.
  app.use(handleError, httpMetrics);
  app.route('/roll').get(handleRoll).all(rejectMethod);
  app.use(rejectPath, logError, handleError);

  return app;
}

const handleHealth: RequestHandler = (_req, res) => {
  res.json({ status: 'ok' });
};

const handleMetrics: RequestHandler = async (req, res) => {
  const registry = registryFor(req.get('Accept'));

  res.set('Content-Type', registry.contentType).send(await registry.metrics());
};

const handleRoll: RequestHandler = async (req, res, next) => {
  const die = findDie(req.query.die);
  res.locals.dieType = die?.type ?? 'unknown';

  if (!die) return rejectDie(req, res, next);

  const span = trace.getActiveSpan();
  // If the client has left, the span has already ended.
  if (span?.isRecording()) span.setAttribute('die.type', die.type);
  logger.info('Roll requested', { die_type: die.type });

  const value = await roll(die).catch((error) => {
    diceRolls.inc({ die_type: die.type, result: 'error' });
    if (span?.isRecording()) span.setAttribute('die.error', true);
    throw error;
  });

  diceRolls.inc({ die_type: die.type, result: 'success' });
  if (span?.isRecording()) span.setAttributes({ 'die.result': value, 'die.error': false });
  logger.info('Die rolled', { die_type: die.type, roll_value: value });

  res.json({ roll: value });
};

const rejectDie: RequestHandler = (req, res) => {
  logger.warn('Invalid die type', { die_type: cut(String(req.query.die ?? '')) });
  res.status(400).json({ error: `die must be one of: ${dieTypes.join(', ')}` });
};

const rejectMethod: RequestHandler = (_req, res) => {
  res.set('Allow', 'GET, HEAD');
  throw createError(405, 'This path answers GET only');
};

const rejectPath: RequestHandler = () => {
  throw createError(404, 'There is nothing at this path');
};

const logError: ErrorRequestHandler = (error, _req, res, next) => {
  if (!isHttpError(error) || error.status >= 500) {
    // A bug's stack shows where it is. For an error thrown on purpose, the message is enough.
    const reason = isHttpError(error) ? error.message : error.stack;
    logger.error('Request failed', { die_type: res.locals.dieType, error: reason });
  } else {
    logger.warn('Request rejected', { error: error.message });
  }
  next(error);
};

const handleError: ErrorRequestHandler = (error, _req, res, _next) => {
  const status = isHttpError(error) ? error.status : 500;

  res.status(status).json({ error: isHttpError(error) ? error.message : 'Internal error' });
};
