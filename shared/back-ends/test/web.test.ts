import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { suite, test, type TestContext } from 'node:test';
import { Problem } from '../../runtime/problem.ts';
import { openWeb, PassingFault } from '../web.ts';

const never = new AbortController().signal;
type Answer = [status: number, headers?: Record<string, string>, body?: string];

async function server(t: TestContext, answer: (headers: IncomingHttpHeaders) => Answer) {
  const listening = createServer(({ headers }, response) => {
    const [status, more = {}, body = ''] = answer(headers);
    response.writeHead(status, more).end(body);
  }).listen(0, '127.0.0.1');
  await once(listening, 'listening');
  t.after(() => listening.close().closeAllConnections());
  const url = `http://127.0.0.1:${(listening.address() as AddressInfo).port}/a`;
  return (from: number) => openWeb('direct').read(url, from, never);
}

/** A file of ten bytes on a server that knows ranges. */
const file = '0123456789';
const ranged = ({ range }: IncomingHttpHeaders): Answer => {
  const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? -1);
  if (from >= file.length) return [416, { 'content-range': `bytes */${file.length}` }];
  const headers = { 'content-range': `bytes ${from}-9/10` };
  return from < 0 ? [200, { 'content-length': '10' }, file] : [206, headers, file.slice(from)];
};

suite('a file', () => {
  const read = async (t: TestContext, answer: typeof ranged, from: number) => {
    const { body, ...rest } = await (await server(t, answer))(from);
    return { ...rest, text: String(await buffer(body)) };
  };

  test('is read from its beginning, or from a byte on', async (t) => {
    assert.deepEqual(await read(t, ranged, 0), { start: 0, total: 10, text: file });
    assert.deepEqual(await read(t, ranged, 7), { start: 7, total: 10, text: '789' });
  });

  test('that is here as a whole has nothing more, and one of which too much is here begins anew', async (t) => {
    assert.deepEqual(await read(t, ranged, 10), { start: 10, total: 10, text: '' });
    assert.deepEqual(await read(t, ranged, 12), { start: 0, total: 10, text: file });
  });

  test('begins anew where a server knows no ranges, and its size may be unknown', async (t) => {
    const whole = (): Answer => [200, { 'transfer-encoding': 'chunked' }, file];
    assert.deepEqual(await read(t, whole, 7), { start: 0, text: file });
  });
});

test('another try is worth it where a server is busy, and not where it refuses', async (t) => {
  for (const status of [408, 429, 500, 503])
    await assert.rejects((await server(t, () => [status]))(0), (error) => error instanceof PassingFault);
  for (const [status, message] of [
    [404, /\/a does not exist \(404 Not Found\)/],
    [410, /\/a does not exist/],
    [403, /\/a answered 403 Forbidden/],
  ] as const) {
    await assert.rejects((await server(t, () => [status]))(0), (error: Error) => {
      assert.match(error.message, message);
      return error instanceof Problem;
    });
  }
});

test('a proxy that wants a password is named, whether or not the address is encrypted', async (t) => {
  const proxy = createServer((_request, response) => response.writeHead(407).end());
  proxy.on('connect', (_request, socket) => socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'));
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  t.after(() => proxy.close().closeAllConnections());
  const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  Object.assign(process.env, { http_proxy: address, https_proxy: address, no_proxy: '' });
  t.after(() => ['http_proxy', 'https_proxy', 'no_proxy'].forEach((name) => delete process.env[name]));
  for (const scheme of ['http', 'https']) {
    const reading = openWeb('by proxy').read(`${scheme}://example.com/a`, 0, never);
    await assert.rejects(reading, { constructor: Problem, message: /^The proxy wants a user name and a password/ });
  }
});
