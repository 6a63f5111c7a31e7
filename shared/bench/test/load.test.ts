import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { freePorts } from '../../runtime/free-ports.ts';
import { openLoadGenerator } from '../load.ts';

async function serverUrl(t: TestContext, answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close().closeAllConnections());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('exactly as many requests are made as were asked for, and what was not answered with 200 stops the bench', async (t) => {
  let count = 0;
  let failing = 0;
  const url = await serverUrl(t, (_request, response) => {
    count++;
    response.writeHead(failing-- > 0 ? 500 : 200).end();
  });
  const load = openLoadGenerator();
  t.after(load.close);
  const { requestsPerSecond, p99, failed } = await load.run({ url, connections: 3, requests: 20 });
  assert.deepEqual([count, failed], [20, 0]);
  assert.ok(requestsPerSecond > 0 && p99 > 0);
  failing = 2;
  const again = load.run({ url, connections: 3, requests: 20 });
  await assert.rejects(again, { message: `2 of 20 requests to ${url} failed.` });
});

test('a service that is down has failed every request', async (t) => {
  const [port] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const load = openLoadGenerator();
  t.after(load.close);
  const run = load.run({ url, connections: 2, requests: 4 });
  await assert.rejects(run, { message: `4 of 4 requests to ${url} failed.` });
});
