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
const { PATH, NODE_COMPILE_CACHE } = process.env;

// Starts the service as its container does.
function start(environment: Record<string, string>) {
  const child = spawn(process.execPath, ['--import', './src/instrumentation.ts', 'src/server.ts'], {
    cwd: folder,
    env: { PATH, NODE_COMPILE_CACHE, OTEL_SDK_DISABLED: 'true', ...environment },
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

// One service for the next three tests: it has 1500 dice, and its collector is down.
const diceFolder = mkdtempSync(join(tmpdir(), 'dice-'));
after(() => rmSync(diceFolder, { recursive: true }));
const dice = Array.from({ length: 1500 }, (_, index) => [`die-${index}`, { faces: [1], error_rate: 0 }]);
writeFileSync(join(diceFolder, 'dice.json'), JSON.stringify(Object.fromEntries(dice)));
const port = await freePort();
const large = start({
  OTEL_TRACES_EXPORTER: 'otlp',
  OTEL_SDK_DISABLED: 'false',
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `http://127.0.0.1:${await freePort()}/v1/traces`,
  OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: '1000',
  DICE_FILE: join(diceFolder, 'dice.json'),
  PORT: String(port),
});

test('it says how many dice it has loaded, then that it has started', async () => {
  await large.logged('Application started');

  assert.equal(large.lines[0].message, 'Die specifications loaded');
  assert.equal(large.lines[0].count, 1500);
});

test('a list of 1500 dice is answered whole, and its log line has twenty of them and their number', async () => {
  const response = await fetch(`http://127.0.0.1:${port}/dice`);
  const { identifiers } = (await response.json()) as { identifiers: string[] };
  await large.logged('Die list requested');

  assert.equal(response.status, 200);
  assert.equal(identifiers.length, 1500);
  const line = large.lines.find(({ message }) => message === 'Die list requested')!;
  assert.deepEqual(line.identifiers, identifiers.slice(0, 20));
  assert.equal(line.count, 1500);
});

test('a collector that is down neither fails a request nor holds up the exit, and the log says so', async () => {
  await large.logged('Telemetry error');
  // The last export fails, too.
  assert.equal((await fetch(`http://127.0.0.1:${port}/dice`)).status, 200);
  large.child.kill();

  assert.equal(await large.exitCode(), 0);
  const errors = large.lines.filter(({ level }) => level !== 'INFO');
  assert.equal(errors.length, 2);
  for (const { message, error, trace_id } of errors) {
    assert.equal(message, 'Telemetry error');
    assert.match(error, /ECONNREFUSED/);
    assert.equal(trace_id, undefined);
  }
});

for (const value of ['http', '65536', '-1', '80.5']) {
  test(`PORT=${value} is refused with an error that names the variable`, async (t) => {
    process.env.PORT = value;
    t.after(() => delete process.env.PORT);

    const error = new RegExp(`PORT must be a whole number .* not "${value}"`);
    await assert.rejects(import(`../src/config.ts?PORT=${value}`), error);
  });
}

test('a wrong dice file stops the start with one error line that says what is wrong', async () => {
  const service = start({ DICE_FILE: 'package.json' });

  assert.equal(await service.exitCode(), 1);
  assert.equal(service.lines.length, 1);
  assert.equal(service.lines[0].level, 'ERROR');
  assert.match(service.lines[0].error, /Cannot use package\.json: die "name": faces must be .*, not undefined/);
});

test('a port that is taken stops the start with one error line', async (t) => {
  const owner = createServer().listen(0, '127.0.0.1');
  t.after(() => owner.close());
  await once(owner, 'listening');
  const service = start({ PORT: String((owner.address() as AddressInfo).port) });

  assert.equal(await service.exitCode(), 1);
  assert.equal(service.lines.length, 2);
  assert.equal(service.lines[0].message, 'Die specifications loaded');
  assert.equal(service.lines[0].count, 2);
  assert.match(service.lines[1].error, /EADDRINUSE/);
});
