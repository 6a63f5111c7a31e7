import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import { FluentServer } from '@fluent-org/logger';
import { openForwarder } from '../run/fluentd-forwarder.ts';
import { freePorts } from '../free-ports.ts';

interface Entry {
  tag: string;
  record: Record<string, string>;
}

const container = { id: 'c'.repeat(64), name: 'dice-roller' };

/** A forward-protocol server, and a promise of the entries once there are so many. */
async function collector(t: TestContext, port: number, count: number): Promise<Promise<Entry[]>> {
  const server = new FluentServer({ listenOptions: { port, host: '127.0.0.1' } });
  const { promise, resolve } = Promise.withResolvers<Entry[]>();
  const entries: Entry[] = [];
  server.on('entry', (tag: string, _time: unknown, record: Entry['record']) => {
    entries.push({ tag, record });
    if (entries.length === count) resolve(entries);
  });
  await server.listen();
  t.after(() => server.close());
  return promise;
}

function forwardLines(t: TestContext, port: number, count: number): void {
  const forwarder = openForwarder(`127.0.0.1:${port}`);
  t.after(() => forwarder.close(0));
  for (let number = 0; number < count; number++) {
    forwarder.forward(
      { service: 'dice-roller', source: 'stdout', text: `line ${number}`, time: new Date() },
      container,
    );
  }
}

const numbered = (count: number): string[] => Array.from({ length: count }, (_, number) => `line ${number}`);

test("lines carry the fields of Docker's driver", async (t) => {
  const [port = 0] = await freePorts(1);
  const received = collector(t, port, 1);
  forwardLines(t, port, 1);
  const [entry] = await await received;
  assert.equal(entry!.tag, container.id.slice(0, 12));
  const { id: container_id } = container;
  assert.deepEqual(
    { ...entry!.record },
    { container_id, container_name: '/dice-roller', source: 'stdout', log: 'line 0' },
  );
});

test('a collector that comes late gets every line, in order', async (t) => {
  const [port = 0] = await freePorts(1);
  forwardLines(t, port, 1200);
  // A first attempt to connect has failed by the time this one, made later, has.
  await fetch(`http://127.0.0.1:${port}`).catch(() => undefined);
  const received = await await collector(t, port, 1200);
  assert.deepEqual(
    received.map(({ record }) => record.log),
    numbered(1200),
  );
});

test('lines that a collector took without acknowledging them are sent again', async (t) => {
  const [port = 0] = await freePorts(1);
  const deaf = createServer().listen(port, '127.0.0.1');
  await once(deaf, 'listening');
  forwardLines(t, port, 3);
  const [socket] = (await once(deaf, 'connection')) as [Socket];
  await once(socket, 'data');
  socket.destroy();
  await once(deaf.close(), 'close');
  const received = await await collector(t, port, 3);
  assert.deepEqual(
    received.map(({ record }) => record.log),
    numbered(3),
  );
});
