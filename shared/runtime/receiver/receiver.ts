import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import createHttpError from 'http-errors';
import type { Line } from '../run/lines.ts';
import { refuseOtherMethods, viewerRoutes, type ViewerOptions } from '../viewer/viewer.ts';
import { apiRoutes } from './api.ts';
import { readLogText } from './log-text.ts';
import { openMemory, type Memory } from './memory.ts';
import { otlpRoutes } from './otlp-routes.ts';
import { openStream, type Stream } from './stream.ts';
import type { TraceStoreOptions } from './trace-store.ts';

/** The built-in receiver, which replaces a collector that is not on this machine. */
export interface Receiver {
  url: string;
  /** Takes a line that a service printed. */
  addLine: (line: Line) => void;
  /** Sends it to everyone who is watching. */
  notice: (text: string) => void;
  /** Refuses connections, like a stopped collector, until it is started. It forgets nothing. */
  stop: () => Promise<void>;
  start: () => Promise<void>;
  /** Accepts connections and does not answer, like a paused collector, until it is resumed. */
  pause: () => void;
  unpause: () => void;
  close: () => Promise<void>;
}

export type ReceiverOptions = Omit<TraceStoreOptions, 'onFinished'> & Partial<ViewerOptions>;

/**
 * Opens the receiver on 127.0.0.1: OTLP/HTTP at `/v1/…`, what it has kept as JSON at `/api/…`, and a page at `/`.
 * @param port 0 for any free one
 */
export async function openReceiver(
  port: number,
  { stage = 'stage-1', targets = [], ...options }: ReceiverOptions = {},
): Promise<Receiver> {
  const stream = openStream();
  const memory = openMemory(stream, options);
  let goingOn = Promise.resolve();
  let unpause = (): void => undefined;
  const app = makeApp(memory, stream, { stage, targets });
  const server = createServer((request, response) => void goingOn.then(() => app(request, response)));
  await listen(server, port);
  const { port: given } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${given}`,
    addLine: ({ service, text, time }) => memory.addLog({ ...readLogText(text, time.getTime()), service }),
    notice: (text) => stream.send('notice', { text }),
    stop: () => stopListening(server),
    start: () => listen(server, given),
    pause: () => ({ promise: goingOn, resolve: unpause } = Promise.withResolvers<void>()),
    unpause: () => unpause(),
    close: async () => {
      memory.close();
      if (server.listening) await stopListening(server);
    },
  };
}

function makeApp(memory: Memory, stream: Stream, viewer: ViewerOptions): Express {
  const app = express().disable('x-powered-by').disable('etag');
  app.use(refuseForeignHosts, otlpRoutes(memory.addSpans, memory.addLog));
  app.all(['/', '/explore', '/viewer/*file', '/api/*question'], refuseOtherMethods);
  app.use(apiRoutes(memory, stream), viewerRoutes(viewer));
  app.use(() => {
    throw createHttpError(404, 'There is nothing here. Look at the page, /, or at /api/traces.');
  });
  return app.use(answerError);
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
}

async function stopListening(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

/** A web page whose name was pointed at 127.0.0.1 (DNS rebinding) still sends its own name. */
const refuseForeignHosts: RequestHandler = (request, _response, next) => {
  if (/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(request.headers.host ?? '')) return next();
  throw createHttpError(403, 'Use the name 127.0.0.1 or localhost.');
};

const answerError: ErrorRequestHandler = (error, _request, response, next) => {
  if (response.headersSent) return next(error);
  const { status = 500, headers = {}, message } = error;
  response.status(status).set(headers).json({ error: message });
};
