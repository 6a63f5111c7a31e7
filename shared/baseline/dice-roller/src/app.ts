import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import createError, { isHttpError } from 'http-errors';
import { dieTypes, findDie, roll } from './die.ts';

export function createApp(): Express {
  const app = express();
  // None of these is used, and each costs time in every request.
  app.disable('etag').disable('x-powered-by').set('query parser', 'simple');
  app.enable('case sensitive routing').enable('strict routing');

  app.route('/healthz').get(handleHealth).all(rejectMethod);
  app.route('/roll').get(handleRoll).all(rejectMethod);
  app.use(rejectPath, logError, handleError);

  return app;
}

const handleHealth: RequestHandler = (_req, res) => {
  res.json({ status: 'ok' });
};

const handleRoll: RequestHandler = async (req, res, next) => {
  const die = findDie(req.query.die);

  if (!die) return rejectDie(req, res, next);

  const value = await roll(die);

  res.json({ roll: value });
};

const rejectDie: RequestHandler = (req, res) => {
  res.status(400).json({ error: `die must be one of: ${dieTypes.join(', ')}` });
};

const rejectMethod: RequestHandler = (_req, res) => {
  res.set('Allow', 'GET, HEAD');
  throw createError(405, 'This path answers GET only');
};

const rejectPath: RequestHandler = () => {
  throw createError(404, 'There is nothing at this path');
};

const logError: ErrorRequestHandler = (error, _req, _res, next) => {
  if (!isHttpError(error) || error.status >= 500) {
    // A bug's stack shows where it is. For an error thrown on purpose, the message is enough.
    console.error(isHttpError(error) ? error.message : error.stack);
  }
  next(error);
};

const handleError: ErrorRequestHandler = (error, _req, res, _next) => {
  const status = isHttpError(error) ? error.status : 500;

  res.status(status).json({ error: isHttpError(error) ? error.message : 'Internal error' });
};
