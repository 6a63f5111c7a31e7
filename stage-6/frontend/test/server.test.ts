import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { startCollector } from './collector.ts';
import { freePort, json, signIn, startBackEnd, startFrontEnd } from './front-end.ts';

// A test that fails leaves none behind.
async function start(environment: Record<string, string>) {
  const service = await startFrontEnd(environment);
  after(() => service.child.kill('SIGKILL'));

  return service;
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`${signal}: what is in flight is answered, its spans are sent, and the exit code is 0`, async (t) => {
    const collector = await startCollector();
    const waiting: ServerResponse[] = [];
    const backEnd = await startBackEnd((_request, response) => waiting.push(response));
    t.after(collector.close);
    t.after(backEnd.close);
    const environment = { ...collector.environment, OTEL_BSP_SCHEDULE_DELAY: '60000', DICE_ROLLER_URL: backEnd.url };
    const service = await start(environment);
    await service.logged('Die list fetched');

    const headers = await signIn(service.url);
    const answers = Array.from({ length: 10 }, () => fetch(`${service.url}/api/roll?die=fair`, { headers }));
    while (waiting.length < 10) await new Promise(setImmediate);
    service.child.kill(signal);
    await service.logged('Application stopping');
    for (const response of waiting) json(200, { roll: 1 })({} as never, response as never);

    assert.deepEqual(await Promise.all(answers.map(async (answer) => (await answer).status)), Array(10).fill(200));
    assert.equal(await service.exitCode(), 0);
    // Of each request: the server's span, the click's, and the client's; of the list: its own, and the client's; and one
    // of the sign-in.
    assert.equal(collector.spans.length, 33);
    assert.equal(service.lines.filter((line) => line.message === 'Backend response received').length, 10);
    assert.equal(service.lines.filter(({ event }) => event === 'run').length, 10);
    assert.equal(service.lines.at(-1)!.message, 'Usage');
  });
}

test('it prints that it started, what dice there are, that it stops, and nothing else', async (t) => {
  const backEnd = await startBackEnd(json(200, { roll: 1 }));
  t.after(backEnd.close);
  const service = await start({ DICE_ROLLER_URL: backEnd.url });
  await service.logged('Die list fetched');
  const headers = await signIn(service.url);
  await (await fetch(service.url, { headers })).text();
  service.child.kill();

  assert.equal(await service.exitCode(), 0);
  assert.deepEqual(
    service.lines.map(({ level, message, trace_id }) => [level, message, trace_id]),
    [
      ['INFO', 'Application started', undefined],
      ['INFO', 'Die list fetched', undefined],
      ['INFO', 'Signed in', undefined],
      ['INFO', 'Usage', undefined],
      ['INFO', 'Die list fetched', undefined],
      ['INFO', 'Application stopping', undefined],
    ],
  );
});

const tracing = {
  OTEL_SDK_DISABLED: 'false',
  OTEL_TRACES_EXPORTER: 'otlp',
  OTEL_METRICS_EXPORTER: 'none',
  OTEL_LOGS_EXPORTER: 'none',
};

test('a collector that is down neither fails a request nor holds up the exit, and the log says so', async (t) => {
  const backEnd = await startBackEnd(json(200, { roll: 1 }));
  t.after(backEnd.close);
  const service = await start({
    ...tracing,
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `http://127.0.0.1:${await freePort()}/v1/traces`,
    OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: '1000',
    DICE_ROLLER_URL: backEnd.url,
  });
  await service.logged('Application started');

  const headers = await signIn(service.url);
  assert.equal((await fetch(`${service.url}/api/roll?die=fair`, { headers })).status, 200);
  await service.logged('Telemetry error');
  service.child.kill();

  assert.equal(await service.exitCode(), 0);
  assert.equal(service.lines.find((line) => line.message === 'Telemetry error')!.trace_id, undefined);
});

for (const [status, reason] of Object.entries({
  301: 'Moved Permanently',
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  500: 'Internal Server Error',
})) {
  test(`a collector that answers the last export with ${status} does not make a clean end fail`, async (t) => {
    const backEnd = await startBackEnd(json(200, { roll: 1 }));
    const collector = await startBackEnd(json(Number(status), {}));
    t.after(backEnd.close);
    t.after(collector.close);
    const service = await start({
      ...tracing,
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector.url}/v1/traces`,
      OTEL_BSP_SCHEDULE_DELAY: '60000',
      DICE_ROLLER_URL: backEnd.url,
    });
    await service.logged('Application started');
    const headers = await signIn(service.url);
    await (await fetch(`${service.url}/api/roll?die=fair`, { headers })).text();
    service.child.kill();

    assert.equal(await service.exitCode(), 0);
    assert.equal(collector.asked.length > 0, true);
    assert.deepEqual(
      service.lines.filter(({ level }) => level !== 'INFO').map(({ message, error }) => [message, error]),
      [['Telemetry error', `OTLPExporterError: ${reason}`]],
    );
  });
}

const wrong = {
  PORT: ['http', '65536', '-1'],
  BACKEND_TIMEOUT_MS: ['5s'],
  DICE_ROLLER_URL: ['dice-roller:8000'],
  DIE_SERVICE_URL: ['die-service:8001'],
  GRAFANA_URL: ['grafana'],
};

for (const [name, values] of Object.entries(wrong)) {
  for (const value of values) {
    test(`${name}=${value} stops the start with one error line that names the variable`, async () => {
      const service = await start({ [name]: value });

      assert.equal(await service.exitCode(), 1);
      assert.equal(service.lines.length, 1);
      assert.equal(service.lines[0].level, 'ERROR');
      assert.match(service.lines[0].error, new RegExp(`${name} must be .* not "${value}"`));
    });
  }
}

test('SESSION_SECRET of fewer than 32 bytes stops the start with one error line, which does not show it', async () => {
  const service = await start({ SESSION_SECRET: 'x'.repeat(31) });

  assert.equal(await service.exitCode(), 1);
  assert.equal(service.lines.length, 1);
  assert.match(service.lines[0].error, /SESSION_SECRET must be at least 32 bytes long/);
  assert.doesNotMatch(service.lines[0].error, /xxx/);
});

test('a port that is taken stops the start with one error line', async (t) => {
  const owner = createServer().listen(0, '127.0.0.1');
  t.after(() => owner.close());
  await once(owner, 'listening');
  const service = await start({ PORT: String((owner.address() as AddressInfo).port) });

  assert.equal(await service.exitCode(), 1);
  const failures = service.lines.filter(({ message }) => message === 'Application failed');
  assert.equal(failures.length, 1);
  assert.match(failures[0].error, /EADDRINUSE/);
});
