import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import { readReply, sendBytes } from '../hostile/send.ts';

async function server(t: TestContext, answer: (socket: Socket) => void): Promise<URL> {
  const listening = createServer((socket) => socket.on('error', () => undefined).once('data', () => answer(socket)));
  listening.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  t.after(() => listening.close());
  return new URL(`http://127.0.0.1:${(listening.address() as AddressInfo).port}`);
}

test('an answer is read to its end', async (t) => {
  const url = await server(t, (socket) => socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\nno'));
  assert.deepEqual(await sendBytes(url, Buffer.from('?')), { status: 400, body: 'no', hung: false });
});

test('a connection that stays open does not hold up what is whole', async (t) => {
  const url = await server(t, (socket) => socket.write('HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\ngone'));
  assert.deepEqual(await sendBytes(url, Buffer.from('?')), { status: 404, body: 'gone', hung: false });
});

test('a connection that is closed without an answer is distinguished from one that hangs', async (t) => {
  const url = await server(t, (socket) => socket.destroy());
  assert.deepEqual(await sendBytes(url, Buffer.from('?')), { body: '', hung: false });
});

test('interim answers are passed over', () => {
  const interim = 'HTTP/1.1 100 Continue\r\n\r\n';
  assert.equal(readReply(interim).status, undefined);
  assert.deepEqual(readReply(`${interim}HTTP/1.1 417 Expectation Failed\r\n\r\n`), { status: 417, body: '' });
});
