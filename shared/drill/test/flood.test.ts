import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { openChance } from '../hostile/chance.ts';
import { flood } from '../hostile/flood.ts';
import { hostileRequest } from '../hostile/requests.ts';
import { headerValue, queryValue } from '../hostile/values.ts';

/** A server that answers 400 to whatever comes, and the beginnings of what came. */
async function server(t: TestContext) {
  const came: string[] = [];
  const listening = createServer((socket) => {
    socket
      .on('error', () => undefined)
      .once('data', (data) => {
        came.push(data.toString('latin1', 0, 60));
        socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
      });
  }).listen(0, '127.0.0.1');
  await once(listening, 'listening');
  t.after(() => listening.close());
  return { came, url: `http://127.0.0.1:${(listening.address() as AddressInfo).port}` };
}

test('each request of a range is sent once, and has its outcome', async (t) => {
  const { came, url } = await server(t);
  const replies = await flood(url, 'test', { from: 10, to: 90 }, new AbortController().signal);
  const expected = Array.from({ length: 80 }, (_, index) => hostileRequest('test', 10 + index));
  assert.deepEqual(came.sort(), expected.map((bytes) => bytes.toString('latin1', 0, 60)).sort());
  assert.equal(replies.length, 80);
  assert.ok(replies.every(({ status, hung }) => status === 400 && !hung));
});

test('a flood that is interrupted sends nothing more', async (t) => {
  const { came, url } = await server(t);
  await assert.rejects(flood(url, 'test', { from: 0, to: 9 }, AbortSignal.abort()), { name: 'AbortError' });
  assert.deepEqual(came, []);
});

test('no value ends its line, and some are not UTF-8, or longer than a head may be', () => {
  const chance = openChance('values');
  for (const make of [queryValue, headerValue]) {
    const values = Array.from({ length: 400 }, () => make(chance));
    assert.ok(values.every((value) => !value.includes('\n') && !value.includes('\r')));
    assert.ok(values.some((value) => value.length > 16_384));
    assert.ok(values.some((value) => value.toString('utf8').includes('\uFFFD')));
    assert.ok(values.some((value) => value.includes('forged')));
  }
});
