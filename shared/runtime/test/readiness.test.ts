import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { waitUntilReady } from '../run/readiness.ts';
import { freePorts } from '../free-ports.ts';

const never = new AbortController().signal;

async function serverWith(t: TestContext, ...statuses: number[]) {
  const server = createServer((_request, response) => {
    response.statusCode = statuses.length > 1 ? statuses.shift()! : statuses[0]!;
    response.end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  return { port, url: `http://127.0.0.1:${port}/`, left: statuses };
}

test('it waits until the answer is good', async (t) => {
  const { url, left } = await serverWith(t, 503, 404, 200);
  await waitUntilReady({ urls: [url], patience: 60_000 }, () => true, never);
  assert.deepEqual(left, [200]);
});

test('it waits for a line, where one makes a service ready', async () => {
  let looks = 0;
  await waitUntilReady({ line: 'ready', urls: [], patience: 60_000 }, () => ++looks === 3, never);
  const waiting = waitUntilReady({ line: 'ready', urls: [], patience: 0 }, () => false, never);
  await assert.rejects(waiting, /it was not ready after 0 s: it has not printed "ready"/);
});

test('once the patience is over, it says what was lacking', async (t) => {
  const { url } = await serverWith(t, 500);
  const [port] = await freePorts(1);
  const wait = (readiness: { port?: number; urls: string[] }) =>
    waitUntilReady({ ...readiness, patience: 0 }, () => true, never);
  await assert.rejects(wait({ urls: [url] }), new RegExp(`${url} answers 500$`));
  await assert.rejects(wait({ urls: [`http://127.0.0.1:${port}/`] }), /does not answer$/);
  await assert.rejects(wait({ port: port!, urls: [] }), new RegExp(`nothing listens on port ${port}$`));
});

test('it stops waiting, without a fault, when the stage is stopped', async () => {
  const [port] = await freePorts(1);
  await waitUntilReady({ port: port!, urls: [], patience: 60_000 }, () => true, AbortSignal.timeout(10));
});
