import { trace } from '@opentelemetry/api';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import createError, { isHttpError } from 'http-errors';
import { readTimes, rollBatch } from './batch.ts';
import { config } from './config.ts';
import { dieLabel, findDie, isAlive } from './die-service.ts';
import { roll } from './die.ts';
import { registryFor } from './exposition.ts';
import { cut, logger } from './logger.ts';
import { diceRolls, httpMetrics } from './metrics.ts';

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
  app.route('/roll').get(handleRoll).all(rejectMethod);
  app.route('/roll-async').get(handleRollAsync).all(rejectMethod);
  app.use(rejectPath, logError, handleError);

  return app;
}

const handleHealth: RequestHandler = (_req, res) => {
  res.json({ status: 'ok' });
};

const handleReady: RequestHandler = async (_req, res) => {
  const dieService = await isAlive();
  res.status(dieService ? 200 : 503).json({ 'die-service': dieService ? 'ok' : 'down' });
};

const handleMetrics: RequestHandler = async (req, res) => {
  const registry = registryFor(req.get('Accept'));

  res.set('Content-Type', registry.contentType).send(await registry.metrics());
};

const handleRoll: RequestHandler = async (req, res, next) => {
  res.locals.dieType = dieLabel(req.query.die);
  const die = await findDie(req.query.die);
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

const handleRollAsync: RequestHandler = async (req, res, next) => {
  res.locals.dieType = dieLabel(req.query.die);
  const times = readTimes(req.query.times);

  if (!times) throw createError(400, `times must be a whole number from 1 to ${config.maxBatchSize}`);

  const die = await findDie(req.query.die);
  res.locals.dieType = die?.type ?? 'unknown';

  if (!die) return rejectDie(req, res, next);

  const span = trace.getActiveSpan();
  if (span?.isRecording()) span.setAttributes({ 'die.type': die.type, 'async.batch_size': times });
  res.locals.failure = 'Async roll batch failed';

  const rolls = await rollBatch(die, times);
  const total = rolls.reduce((sum, value) => sum + value);

  if (span?.isRecording()) span.setAttribute('async.total_result', total);
  logger.info('Async roll batch completed', { die_type: die.type, total, rolls: rolls.slice(0, 20), count: times });

  res.json({ total, rolls, count: times });
};

const rejectDie: RequestHandler = (req, res) => {
  logger.warn('Invalid die type', { die_type: cut(String(req.query.die ?? '')) });
  res.status(400).json({ error: 'die must be one that die-service lists' });
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
    logger.error(res.locals.failure ?? 'Request failed', { die_type: res.locals.dieType, error: reason });
  } else {
    logger.warn('Request rejected', { error: error.message });
  }
  next(error);
};

const handleError: ErrorRequestHandler = (error, _req, res, _next) => {
  const status = isHttpError(error) ? error.status : 500;

  res.status(status).json({ error: isHttpError(error) ? error.message : 'Internal error' });
};
