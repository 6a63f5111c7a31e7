import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { after } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { SERVER, startCollector } from './collector.ts';
import { freePort, seed, startPostgres, test } from './postgres.ts';
import { startService } from './service.ts';

const postgres = await startPostgres();
await seed(postgres.url);
after(postgres.remove);

function start(environment: Record<string, string>) {
  return startService({ DATABASE_URL: postgres.url, ...environment });
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
    assert.equal(collector.spans.filter(({ kind }) => kind === SERVER).length, 1);
    assert.equal(service.lines.filter((line) => line.message === 'Die specification requested').length, 1);
  });
}

// One service for the next two tests, whose collector is down.
const port = await freePort();
const unheard = start({
  OTEL_TRACES_EXPORTER: 'otlp',
  OTEL_SDK_DISABLED: 'false',
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `http://127.0.0.1:${await freePort()}/v1/traces`,
  OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: '1000',
  PORT: String(port),
});

test('it says that it has started, and how many dice there are', async () => {
  await unheard.logged('Application started');
  await unheard.logged('Die specifications loaded');

  assert.equal(unheard.lines.find(({ message }) => message === 'Die specifications loaded')!.count, 2);
});

test('a collector that is down neither fails a request nor holds up the exit, and the log says so', async () => {
  const list = async () => (await fetch(`http://127.0.0.1:${port}/dice`)).status;
  assert.equal(await list(), 200);
  await unheard.logged('Telemetry error');
  // The last export fails, too.
  assert.equal(await list(), 200);
  unheard.child.kill();

  assert.equal(await unheard.exitCode(), 0);
  const errors = unheard.lines.filter(({ level }) => level !== 'INFO');
  assert.ok(errors.length > 1);
  for (const { message, error, trace_id } of errors) {
    assert.equal(message, 'Telemetry error');
    assert.match(error, /ECONNREFUSED/);
    assert.equal(trace_id, undefined);
  }
});

const wrong = { PORT: ['http', '65536', '-1', '80.5'], DATABASE_POOL_SIZE: ['0', '101', 'many'] };

for (const [name, values] of Object.entries(wrong)) {
  for (const value of values) {
    test(`${name}=${value} is refused with an error that names the variable`, async (t) => {
      process.env[name] = value;
      t.after(() => delete process.env[name]);

      const error = new RegExp(`${name} must be a whole number .* not "${value}"`);
      await assert.rejects(import(`../src/config.ts?${name}=${value}`), error);
    });
  }
}

for (const [index, url] of ['localhost:5432', 'postgres://dice:secret@127.0.0.1'].entries()) {
  test(`DATABASE_URL=${url} is refused with an error that names the variable and no password`, async (t) => {
    process.env.DATABASE_URL = url;
    t.after(() => delete process.env.DATABASE_URL);

    await assert.rejects(import(`../src/config.ts?${index}`), ({ message }) => {
      assert.match(message, /DATABASE_URL must be an address such as/);
      assert.doesNotMatch(message, /secret/);
      return true;
    });
  });
}

test('a wrong setting stops the start with one error line that names the variable and no password', async () => {
  const service = startService({ DATABASE_URL: 'http://dice:secret@127.0.0.1/dicedb' });

  assert.equal(await service.exitCode(), 1);
  assert.equal(service.lines.length, 1);
  assert.equal(service.lines[0].level, 'ERROR');
  assert.match(service.lines[0].error, /DATABASE_URL must be an address such as/);
  assert.doesNotMatch(service.lines[0].error, /secret/);
});

test('a port that is taken stops the start with one error line', async (t) => {
  const owner = createServer().listen(0, '127.0.0.1');
  t.after(() => owner.close());
  await once(owner, 'listening');
  const service = start({ PORT: String((owner.address() as AddressInfo).port) });

  assert.equal(await service.exitCode(), 1);
  const errors = service.lines.filter(({ level }) => level === 'ERROR');
  assert.equal(errors.length, 1);
  assert.match(errors[0].error, /EADDRINUSE/);
});
