import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

const dice: Record<string, object> = {
  fair: { faces: [1, 2, 3, 4, 5, 6], error_rate: 0 },
  risky: { faces: [2, 3, 4, 5, 6, 7], error_rate: 0.1 },
};

const answerTruly: RequestListener = (request, response) => {
  const { pathname, searchParams } = new URL(request.url!, 'http://localhost');
  if (pathname === '/healthz') return response.end('{"status":"ok"}');

  const identifier = searchParams.get('identifier')!;
  if (Object.hasOwn(dice, identifier)) response.end(JSON.stringify(dice[identifier]));
  else response.writeHead(404).end('{"error":"There is no such die"}');
};

// Stands where die-service stands: knows two dice, until it is told to answer something else.
export async function startDieService() {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    service.answer(request, response);
  });
  const service = { answer: answerTruly, answerTruly, requests, url: '', server, close };

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  service.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  function close() {
    server.close();
    server.closeAllConnections();
  }

  return service;
}
