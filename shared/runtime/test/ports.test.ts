import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { test } from 'node:test';
import { refuseUndeclared } from '../compose/declared-keys.ts';
import { parsePort } from '../compose/ports.ts';
import { portOwner } from '../plan/port-owner.ts';

test('a port mapping is read with the variable that moves it', () => {
  const raw = '127.0.0.1:${WEB_PORT:-8080}:80';
  assert.deepEqual(parsePort('127.0.0.1:8080:80', raw, 'web'), { host: 8080, container: 80, variable: 'WEB_PORT' });
  assert.deepEqual(parsePort('8080:80/tcp', '8080:80/tcp', 'web'), { host: 8080, container: 80 });
});

for (const entry of ['80', '8080:80/udp', '0:80', '65536:80', '8080:http', '8000-8010:80', '[::1]:8080:80']) {
  test(`"${entry}" is refused, naming the service and the variable`, () => {
    assert.throws(
      () => parsePort(entry, '${WEB_PORT}', 'web'),
      (error: Error) =>
        error.message.includes(`"${entry}" is not a port mapping`) && error.message.includes('WEB_PORT'),
    );
  });
}

test('a key that would not be honoured is refused by its name, and an extension is not', () => {
  refuseUndeclared('service', 'web', { image: 'x', 'x-note': 1 });
  assert.throws(() => refuseUndeclared('service', 'web', { network_mode: 'host' }), /web: .*"network_mode"/);
  assert.throws(() => refuseUndeclared('build', 'web', ['.']), /web: expected keys and values, found \["\."\]/);
});

test('the process that listens on a port is named, and one that is connected to it is not', async (t) => {
  const program =
    "require('net').createServer().listen(0, '127.0.0.1', function () { console.log(this.address().port) })";
  const child = spawn(process.execPath, ['--eval', program]);
  t.after(() => child.kill());
  const [text] = await once(child.stdout, 'data');
  const client = connect(Number(text), '127.0.0.1');
  await once(client, 'connect');
  t.after(() => client.destroy());
  assert.equal(portOwner(Number(text)), `node (pid ${child.pid})`);
});

test('where nothing is known of who has a port, nobody is blamed', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await once(server.close(), 'close');
  assert.match(portOwner(port), /^a process of another user, or a connection/);
});
