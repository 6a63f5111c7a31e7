import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import express, { type Response } from 'express';
import type { LogLine } from '../receiver/model.ts';
import { openStream } from '../receiver/stream.ts';
import { serverSentEvents } from '../watch/server-sent-events.ts';

async function server(t: TestContext) {
  const stream = openStream();
  const joined: Response[] = [];
  const app = express().get('/', (_request, response) => {
    stream.join(response);
    joined.push(response);
  });
  const listening = app.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  t.after(() => listening.close().closeAllConnections());
  return { ...stream, joined, port: (listening.address() as AddressInfo).port };
}

/** Somebody who asks for the stream and reads only what they are told to. */
async function listener(t: TestContext, port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  t.after(() => socket.destroy());
  socket.on('error', () => undefined).write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  const [head] = await once(socket, 'data');
  assert.match(String(head), /^HTTP\/1\.1 200[^]*content-type: text\/event-stream/i);
  return socket;
}

test('an event reaches everyone who listens, whatever its text holds', async (t) => {
  const { port, send, joined } = await server(t);
  const readers = [1, 2].map(() => serverSentEvents(`http://127.0.0.1:${port}/`));
  const first = readers.map((reader) => reader.next());
  while (joined.length < 2) await new Promise(setImmediate);
  send('notice', { text: 'one\n\ntwo: ü' });
  const notice = { name: 'notice', data: { text: 'one\n\ntwo: ü' } };
  assert.deepEqual(
    (await Promise.all(first)).map(({ value }) => value),
    [notice, notice],
  );
  await Promise.all(readers.map((reader) => reader.return(undefined)));
});

test('the others still hear what comes after a listener has gone', async (t) => {
  const { port, send, joined } = await server(t);
  const [gone, here] = [await listener(t, port), await listener(t, port)];
  gone.destroy();
  await once(joined[0]!, 'close');
  send('notice', { text: 'still here' });
  const [data] = await once(here, 'data');
  assert.match(String(data), /event: notice\ndata: {"text":"still here"}\n\n/);
});

test('a listener that does not read is let go before it fills the memory', async (t) => {
  const { port, send, joined } = await server(t);
  (await listener(t, port)).pause();
  const line = { message: 'x'.repeat(1024 * 1024) } as LogLine;
  for (let megabytes = 0; megabytes < 40 && !joined[0]!.destroyed; megabytes++) send('log', line);
  assert.equal(joined[0]!.destroyed, true);
});
