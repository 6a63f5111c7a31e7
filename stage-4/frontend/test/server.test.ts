import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { startCollector } from './collector.ts';
import { freePort, json, startBackEnd, startFrontEnd } from './front-end.ts';

// A test that fails leaves none behind.
async function start(environment: Record<string, string>, program?: string[]) {
  const service = await startFrontEnd(environment, program);
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

    const answers = Array.from({ length: 10 }, () => fetch(`${service.url}/api/roll?die=fair`));
    while (waiting.length < 10) await new Promise(setImmediate);
    service.child.kill(signal);
    await service.logged('Application stopping');
    for (const response of waiting) json(200, { roll: 1 })({} as never, response as never);

    assert.deepEqual(await Promise.all(answers.map(async (answer) => (await answer).status)), Array(10).fill(200));
    assert.equal(await service.exitCode(), 0);
    // Of each request: the server's span, the click's, and the client's; of the list: its own, and the client's.
    assert.equal(collector.spans.length, 32);
    assert.equal(service.lines.filter((line) => line.message === 'Backend response received').length, 10);
    assert.equal(service.lines.at(-1)!.message, 'Backend response received');
  });
}

const tracing = {
  OTEL_SDK_DISABLED: 'false',
  OTEL_TRACES_EXPORTER: 'otlp',
  OTEL_METRICS_EXPORTER: 'none',
  OTEL_LOGS_EXPORTER: 'none',
};

// Its collector is down, and it samples a request only if its caller did.
const backEnd = await startBackEnd(json(200, { roll: 1 }));
after(backEnd.close);
const service = await start({
  ...tracing,
  OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
  OTEL_TRACES_SAMPLER_ARG: '0',
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `http://127.0.0.1:${await freePort()}/v1/traces`,
  OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: '300',
  // Three spans are sent at once, fewer only at the end.
  OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '3',
  DICE_ROLLER_URL: backEnd.url,
});
await service.logged('Application started');

test("the sampler's decision is the page's: OTEL_TRACES_SAMPLER=traceidratio with 0", async () => {
  const response = await fetch(`${service.url}/api/roll?die=fair`);
  const metrics = await fetch(`${service.url}/metrics`, { headers: { Accept: 'application/openmetrics-text' } });

  assert.equal(response.status, 200);
  assert.equal(response.headers.get('x-trace-id'), null);
  assert.equal((await metrics.text()).includes('trace_id'), false);
});

test('a collector that is down neither fails a request nor holds up the exit, and the log says so', async () => {
  const headers = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
  assert.equal((await fetch(`${service.url}/api/roll?die=fair`, { headers })).status, 200);
  await service.logged('Telemetry error');
  assert.equal((await fetch(`${service.url}/api/roll`, { method: 'POST', headers })).status, 405);
  service.child.kill();

  assert.equal(await service.exitCode(), 0);
  const errors = service.lines.filter((line) => line.message === 'Telemetry error');
  assert.equal(errors.length > 1, true);
  assert.equal(
    errors.every(({ trace_id }) => trace_id === undefined),
    true,
  );
});

const refusals = {
  301: 'Moved Permanently',
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  500: 'Internal Server Error',
};

// Starts and ends the instrumentation once for each of these answers; a whole front end each time would take long.
const oneSpanEach = `
  import { context, diag, propagation, trace } from '@opentelemetry/api';

  for (const status of [${Object.keys(refusals)}]) {
    process.env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT = process.env.COLLECTOR + '/' + status;
    await import('./instrumentation.node.ts?' + status);
    trace.getTracer('test').startSpan('last').end();
    await shutdownTelemetry();
    for (const api of [context, diag, propagation, trace]) api.disable();
  }
  process.exit();
`;

test('a collector that refuses the last export does not make a clean end fail, whatever its answer', async (t) => {
  const collector = await startBackEnd((request, response) =>
    json(Number(request.url!.slice(1)), {})(request, response),
  );
  t.after(collector.close);
  const environment = { ...tracing, OTEL_BSP_SCHEDULE_DELAY: '60000', COLLECTOR: collector.url };
  const program = await start(environment, ['--input-type=module', '--eval', oneSpanEach]);

  assert.equal(await program.exitCode(), 0);
  assert.deepEqual(
    collector.asked.map(({ url }) => url),
    Object.keys(refusals).map((status) => `/${status}`),
  );
  assert.deepEqual(
    program.lines.map(({ level, message, error }) => [level, message, error]),
    Object.values(refusals).map((reason) => ['WARNING', 'Telemetry error', `OTLPExporterError: ${reason}`]),
  );
});

const wrong = {
  PORT: ['http', '65536', '-1'],
  BACKEND_TIMEOUT_MS: ['5s'],
  DICE_ROLLER_URL: ['dice-roller:8000'],
  DIE_SERVICE_URL: ['die-service:8001'],
  GRAFANA_URL: ['grafana'],
};

for (const [name, values] of Object.entries(wrong)) {
  for (const value of values) {
    test(`${name}=${value} is an error that names the variable`, async (t) => {
      process.env[name] = value;
      t.after(() => delete process.env[name]);

      const message = new RegExp(`${name} must be .* not "${value}"`);
      await assert.rejects(import(`../lib/config.ts?${name}=${value}`), message);
    });
  }
}

test('a wrong setting stops the start with one error line', async () => {
  const service = await start({ PORT: 'http' });

  assert.equal(await service.exitCode(), 1);
  assert.equal(service.lines.length, 1);
  assert.equal(service.lines[0].level, 'ERROR');
  assert.match(service.lines[0].error, /PORT must be .* not "http"/);
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
