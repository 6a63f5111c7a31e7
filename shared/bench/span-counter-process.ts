import type { AddressInfo } from 'node:net';
import express from 'express';
import { otlpRoutes } from '../runtime/receiver/otlp-routes.ts';

/** What the receiving process tells the bench: where it listens, then each delivery of spans. */
export type SpanMessage = { port: number } | { spans: number; at: number };

const tell = (message: SpanMessage) => process.send!(message);

// A separate process, so that the cost of receiving is not counted as the service's.
const routes = otlpRoutes(
  (spans) => tell({ spans: spans.length, at: Date.now() }),
  () => undefined,
);
const server = express()
  .use(routes)
  .listen(0, '127.0.0.1', () => tell({ port: (server.address() as AddressInfo).port }));

process.on('disconnect', () => process.exit());
