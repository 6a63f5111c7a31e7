// The logger comes first, so that configuration errors are JSON too.
import { logger } from './lib/logger.ts';
import './lib/console.ts';
import next from 'next';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { config } from './lib/config.ts';
import { withReadOnlySpan } from './lib/tracing.ts';

// The settings of the build, passed on as in the server.js that Next.js generates: next.config.js is not read again.
const build = JSON.parse(readFileSync(`${import.meta.dirname}/.next/required-server-files.json`, 'utf8'));
process.env.__NEXT_PRIVATE_STANDALONE_CONFIG = JSON.stringify(build.config);

const app = next({ dir: import.meta.dirname, hostname: config.host, port: config.port });
await app.prepare();

const server = createServer(withReadOnlySpan(app.getRequestHandler())).listen(config.port, config.host, () => {
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
  await globalThis.shutdownTelemetry?.();

  process.exit();
}

process.once('SIGTERM', stop).once('SIGINT', stop);
