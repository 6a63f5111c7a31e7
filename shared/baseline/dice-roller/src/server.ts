import { once } from 'node:events';
import { createApp } from './app.ts';
import { config } from './config.ts';

const server = createApp().listen(config.port, config.host, (error) => {
  if (error) throw error;
});

async function stop() {
  server.close();
  // Kept-alive connections are idle once their last request is answered.
  setInterval(() => server.closeIdleConnections(), 50).unref();
  // A client that never ends its request must not hold up the exit.
  setTimeout(() => server.closeAllConnections(), 5000).unref();
  await once(server, 'close');

  process.exit();
}

process.once('SIGTERM', stop).once('SIGINT', stop);
