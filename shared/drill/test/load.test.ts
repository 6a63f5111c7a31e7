import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts } from '../../runtime/free-ports.ts';
import { openLoad, shoot } from '../load/load.ts';
import { diceRoller } from '../load/target.ts';

/** A service, and the requests that it got. */
async function service(t: TestContext, answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const asked: { path: string; trace: string }[] = [];
  const server = createServer((request, response) => {
    asked.push({ path: request.url!, trace: String(request.headers.traceparent).split('-')[1]! });
    answer(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close().closeAllConnections());
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

test('a load asks each path in turn, each request with its own trace, and ends when all are answered', async (t) => {
  const { asked, url } = await service(t, ({ url }, response) => response.writeHead(url === '/b' ? 500 : 200).end(url));
  const load = openLoad(url, { ...diceRoller, paths: ['/a', '/b'] });
  while (load.shots.length < 5) await new Promise(setImmediate);
  await load.end();
  const made = load.shots.length;
  await sleep(50);
  assert.equal(load.shots.length, made, 'a request was made after the end');
  const seen = load.shots.slice(0, 5).map(({ path, status, body }) => `${path} ${status} ${body}`);
  assert.deepEqual(seen, ['/a 200 /a', '/b 500 /b', '/a 200 /a', '/b 500 /b', '/a 200 /a']);
  const byTrace = new Map(asked.map(({ trace, path }) => [trace, path]));
  assert.equal(byTrace.size, load.shots.length);
  assert.ok(load.shots.every(({ traceId, path }) => byTrace.get(traceId) === path));
  assert.ok(load.shots.every(({ sentAt, answeredAt }) => sentAt! <= answeredAt! && answeredAt! <= Date.now() + 1));
});

test('a load continues while nothing is answered', async (t) => {
  const waiting: ServerResponse[] = [];
  const { asked, url } = await service(t, (_request, response) => void waiting.push(response));
  const load = openLoad(url, diceRoller);
  while (asked.length < 3) await new Promise(setImmediate);
  const ended = load.end();
  assert.ok(load.shots.every(({ status, answeredAt }) => status === undefined && answeredAt === undefined));
  while (waiting.length < load.shots.length) await new Promise(setImmediate);
  for (const response of waiting) response.end();
  await ended;
  assert.ok(load.shots.every(({ status }) => status === 200));
});

test('a request without a whole answer has its fault, and no status', async (t) => {
  const { url } = await service(t, (_request, response) => {
    response.writeHead(200, { 'content-length': '10' });
    response.write('half', () => response.destroy());
  });
  const [nobody] = await freePorts(1);
  for (const [base, fault] of [
    [url, 'ECONNRESET'],
    [`http://127.0.0.1:${nobody}`, 'ECONNREFUSED'],
  ] as const) {
    const { shot, done } = shoot(base, '/a');
    await done;
    assert.deepEqual([shot.fault, shot.status, shot.answeredAt], [fault, undefined, undefined]);
  }
});
