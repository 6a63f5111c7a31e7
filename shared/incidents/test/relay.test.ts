import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { openRelay, type Relay } from '../scene/relay.ts';

/** A relay to a server that answers with what it is asked for, and counts. */
async function relayed(
  t: TestContext,
): Promise<{ relay: Relay; ask: (path: string) => Promise<string>; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer(({ url = '' }, response) => {
    asked.push(url);
    response.end(`this is ${url}`);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const relay = await openRelay('one', 'other', (server.address() as AddressInfo).port);
  t.after(async () => {
    await relay.close();
    server.closeAllConnections();
    server.close();
  });
  return { relay, asked, ask: async (path) => (await fetch(`http://127.0.0.1:${relay.port}${path}`)).text() };
}

test('a relay passes on what it gets', async (t) => {
  const { ask } = await relayed(t);
  assert.deepEqual(await Promise.all([ask('/a'), ask('/b')]), ['this is /a', 'this is /b']);
});

test('one that delays passes on the same, later', async (t) => {
  const { relay, ask } = await relayed(t);
  relay.disturb({ delay: 20 });
  assert.deepEqual([await ask('/a'), await ask('/b')], ['this is /a', 'this is /b']);
});

test('one that breaks ends the connection, and is whole again afterwards', async (t) => {
  const { relay, ask, asked } = await relayed(t);
  relay.disturb({ breaks: 1 });
  await assert.rejects(ask('/a'));
  assert.deepEqual(asked, []);
  relay.disturb({});
  assert.equal(await ask('/b'), 'this is /b');
});

test('one that swallows answers itself, on open connections too', async (t) => {
  const { relay, ask, asked } = await relayed(t);
  await ask('/a');
  relay.disturb({ swallows: true });
  assert.equal(await ask('/b'), '');
  assert.deepEqual(asked, ['/a']);
  relay.disturb({});
  assert.equal(await ask('/c'), 'this is /c');
});
