import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startCollector } from './collector.ts';

const folder = new URL('..', import.meta.url);

// Starts the service as its container does.
function start(environment: Record<string, string>) {
  const child = spawn(process.execPath, ['--import', './src/instrumentation.ts', 'src/server.ts'], {
    cwd: folder,
    env: { PATH: process.env.PATH, OTEL_SDK_DISABLED: 'true', ...environment },
  });
  // A test that fails leaves none behind.
  after(() => child.kill('SIGKILL'));
  const lines: Record<string, any>[] = [];
  const ended = Promise.all([once(child, 'exit'), once(child.stdout, 'end'), once(child.stderr, 'end')]);

  for (const output of [child.stdout, child.stderr]) {
    createInterface(output).on('line', (line) => lines.push(JSON.parse(line)));
  }

  async function logged(message: string) {
    while (!lines.some((line) => line.message === message)) {
      assert.equal(child.exitCode, null, `ended before it logged "${message}"`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  return { child, lines, logged, exitCode: () => ended.then(([[code]]) => code) };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));

  return port;
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`${signal}: what is in flight is answered, its span is sent, and the exit code is 0`, async (t) => {
    const collector = await startCollector();
    t.after(collector.close);
    const port = await freePort();
    const environment = {
      ...collector.environment,
      OTEL_SDK_DISABLED: 'false',
      OTEL_BSP_SCHEDULE_DELAY: '60000',
      PORT: String(port),
    };
    const service = start(environment);
    await service.logged('Application started');

    const connection = connect(port, '127.0.0.1');
    await once(connection, 'connect');
    const answer = text(connection);
    connection.write('GET /dice?identifier=fair HTTP/1.1\r\nHost: localhost\r\n');
    // Long enough for the service to read the half of it.
    await sleep(100);
    service.child.kill(signal);

    await service.logged('Application stopping');
    connection.write('\r\n');

    assert.match(await answer, /^HTTP\/1\.1 200 OK\r\n/);
    assert.equal(await service.exitCode(), 0);
    assert.equal(collector.spans.length, 1);
    assert.equal(service.lines.filter((line) => line.message === 'Die specification requested').length, 1);
  });
}

test('a collector that is down neither fails a request nor holds up the exit, and the log says so', async () => {
  const port = await freePort();
  const nothing = `http://127.0.0.1:${await freePort()}/v1/traces`;
  const environment = {
    OTEL_TRACES_EXPORTER: 'otlp',
    OTEL_SDK_DISABLED: 'false',
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: nothing,
    OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: '1000',
  };
  const service = start({ ...environment, PORT: String(port) });
  await service.logged('Application started');

  assert.equal((await fetch(`http://127.0.0.1:${port}/dice`)).status, 200);
  await service.logged('Telemetry error');
  service.child.kill();

  assert.equal(await service.exitCode(), 0);
  const error = service.lines.find((line) => line.message === 'Telemetry error');
  assert.match(error!.error, /ECONNREFUSED/);
  assert.equal(error!.trace_id, undefined);
});

const wrong = { PORT: ['http', '65536', '-1', '80.5'] };

for (const [name, values] of Object.entries(wrong)) {
  for (const value of values) {
    test(`${name}=${value} stops the start with one error line that names the variable`, async () => {
      const service = start({ [name]: value });

      assert.equal(await service.exitCode(), 1);
      assert.equal(service.lines.length, 1);
      assert.equal(service.lines[0].level, 'ERROR');
      assert.match(service.lines[0].error, new RegExp(`${name} must be a whole number .* not "${value}"`));
    });
  }
}

test('it says how many dice it has loaded, then that it has started', async () => {
  const service = start({ PORT: String(await freePort()) });
  await service.logged('Application started');
  service.child.kill();

  assert.equal(await service.exitCode(), 0);
  assert.equal(service.lines[0].message, 'Die specifications loaded');
  assert.equal(service.lines[0].count, 2);
});

test('a list of 1500 dice is answered whole, and its log line has twenty of them and their number', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'dice-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const dice = Array.from({ length: 1500 }, (_, index) => [`die-${index}`, { faces: [1], error_rate: 0 }]);
  writeFileSync(join(folder, 'dice.json'), JSON.stringify(Object.fromEntries(dice)));
  const port = await freePort();
  const service = start({ PORT: String(port), DICE_FILE: join(folder, 'dice.json') });
  await service.logged('Application started');
  const { identifiers } = (await (await fetch(`http://127.0.0.1:${port}/dice`)).json()) as { identifiers: string[] };
  await service.logged('Die list requested');
  service.child.kill();
  await service.exitCode();

  assert.equal(identifiers.length, 1500);
  const line = service.lines.find(({ message }) => message === 'Die list requested')!;
  assert.deepEqual(line.identifiers, identifiers.slice(0, 20));
  assert.equal(line.count, 1500);
});

test('a wrong dice file stops the start with one error line that says what is wrong', async () => {
  const service = start({ DICE_FILE: 'package.json' });

  assert.equal(await service.exitCode(), 1);
  assert.equal(service.lines.length, 1);
  assert.match(service.lines[0].error, /Cannot use package\.json: die "name": faces must be .*, not undefined/);
});

test('a port that is taken stops the start with one error line', async (t) => {
  const owner = createServer().listen(0, '127.0.0.1');
  t.after(() => owner.close());
  await once(owner, 'listening');
  const service = start({ PORT: String((owner.address() as AddressInfo).port) });

  assert.equal(await service.exitCode(), 1);
  assert.equal(service.lines.length, 2);
  assert.match(service.lines[1].error, /EADDRINUSE/);
});
