import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { createApp } from './app.ts';
import { config } from './config.ts';
import { shutdownTelemetry } from './instrumentation.ts';
import { logger } from './logger.ts';

const server = createApp().listen(config.port, config.host, (error) => {
  if (error) throw error;
  logger.info('Application started');
});

// On shutdown, stop keep-alive reuse; otherwise the client's next request is lost.
const answering = new Set<ServerResponse>();

server.prependListener('request', (_req, res) => {
  answering.add(res.once('close', () => answering.delete(res)));
  if (!server.listening) res.setHeader('Connection', 'close');
});

async function stop() {
  logger.info('Application stopping');
  server.close();
  answering.forEach((res) => res.headersSent || res.setHeader('Connection', 'close'));
  // A client that never finishes its request must not delay the exit.
  setTimeout(() => server.closeAllConnections(), 5000).unref();
  await once(server, 'close');
  await shutdownTelemetry();

  process.exit();
}

process.once('SIGTERM', stop).once('SIGINT', stop);
