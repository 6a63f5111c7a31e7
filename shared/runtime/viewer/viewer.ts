import { readdirSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { extname, join } from 'node:path';
import { Router, type RequestHandler } from 'express';
import createHttpError from 'http-errors';
import type { ScrapeTarget } from './model.ts';
import { scrapeAll } from './scrape.ts';

export interface ViewerOptions {
  /** The page uses it in its instructions. */
  stage: string;
  targets: ScrapeTarget[];
}

const folder = join(import.meta.dirname, 'page');

// Only these are served, whatever a path says.
const files = new Set(readdirSync(folder));

const types: Record<string, string> = {
  '.html': 'text/html',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.ts': 'text/javascript',
};

const headers = {
  // Even if something in a span ever became markup, the browser would not run or load any of it.
  'content-security-policy': "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-cache',
};

/**
 * The page for machines without the back ends: `GET /` with its files below `/viewer/`, `GET /explore` for links that
 * were made for Grafana, `GET /api/stage`, and `GET /api/metrics`, which asks the stage's services now.
 */
export function viewerRoutes({ stage, targets }: ViewerOptions): Router {
  const router = Router();
  const services = targets.map(({ service }) => service);
  router.get(
    '/',
    serve(() => 'index.html'),
  );
  router.get(
    '/viewer/:file',
    serve(({ params }) => String(params.file)),
  );
  router.get('/explore', openLinkedTrace);
  router.get('/api/stage', (_request, response) => void response.json({ name: stage, services }));
  router.get('/api/metrics', async (_request, response) => void response.json({ services: await scrapeAll(targets) }));
  return router;
}

/** A link that was made for Grafana's Explore opens the trace that it names here. */
const openLinkedTrace: RequestHandler = ({ query }, response) => {
  const [trace] = /\b[0-9a-f]{32}\b/.exec(String(query.panes)) ?? [];
  response.redirect(trace ? `/#trace/${trace}` : '/');
};

/** For paths that only answer GET. */
export const refuseOtherMethods: RequestHandler = ({ method }, _response, next) => {
  if (method === 'GET' || method === 'HEAD') return next();
  throw createHttpError(405, `${method} is not for this path.`, { headers: { allow: 'GET, HEAD' } });
};

function serve(nameOf: (request: Parameters<RequestHandler>[0]) => string): RequestHandler {
  return (request, response, next) => {
    const name = nameOf(request);
    if (!files.has(name)) return next();
    const text = readFileSync(join(folder, name), 'utf8');
    // The page's program needs no build: without its types it is JavaScript, line by line.
    const body = extname(name) === '.ts' ? stripTypeScriptTypes(text) : text;
    response
      .set(headers)
      .type(`${types[extname(name)]}; charset=utf-8`)
      .send(body);
  };
}
