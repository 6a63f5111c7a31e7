import { context, diag, propagation, trace } from '@opentelemetry/api';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { after, test, type TestContext } from 'node:test';
import winston from 'winston';
import { logger } from '../src/logger.ts';
import { CLIENT, SERVER, startCollector } from './collector.ts';
import { startDieService } from './fake-die-service.ts';

const dieService = await startDieService();
after(() => dieService.close());

const folder = new URL('..', import.meta.url);
const { PATH, NODE_COMPILE_CACHE } = process.env;

// Starts the service as its container does.
function start(environment: Record<string, string>) {
  const child = spawn(process.execPath, ['--import', './src/instrumentation.ts', 'src/server.ts'], {
    cwd: folder,
    env: { PATH, NODE_COMPILE_CACHE, OTEL_SDK_DISABLED: 'true', DIE_SERVICE_URL: dieService.url, ...environment },
  });
  // A test that fails leaves none behind.
  after(() => child.kill('SIGKILL'));
  const lines: Record<string, string>[] = [];
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

    const answers = Array.from({ length: 10 }, () => fetch(`http://127.0.0.1:${port}/roll?die=fair`));
    await service.logged('Roll requested');
    while (service.lines.filter((line) => line.message === 'Roll requested').length < 10) {
      await new Promise(setImmediate);
    }
    service.child.kill(signal);

    assert.deepEqual(await Promise.all(answers.map(async (answer) => (await answer).status)), Array(10).fill(200));
    assert.equal(await service.exitCode(), 0);
    assert.equal(collector.spans.filter((span) => span.kind === SERVER).length, 10);
    assert.equal(collector.spans.filter((span) => span.kind === CLIENT).length, 10);
    assert.equal(service.lines.filter((line) => line.message === 'Die rolled').length, 10);
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
    ROLL_MAX_DELAY_MS: '0',
  };
  const service = start({ ...environment, PORT: String(port) });
  await service.logged('Application started');

  const roll = async () => (await fetch(`http://127.0.0.1:${port}/roll?die=fair`)).status;
  assert.equal(await roll(), 200);
  await service.logged('Telemetry error');
  // The last export fails, too.
  assert.equal(await roll(), 200);
  service.child.kill();

  assert.equal(await service.exitCode(), 0);
  const errors = service.lines.filter(({ level }) => level !== 'INFO');
  assert.equal(errors.length, 2);
  for (const { message, error, trace_id } of errors) {
    assert.equal(message, 'Telemetry error');
    assert.match(error, /ECONNREFUSED/);
    assert.equal(trace_id, undefined);
  }
});

// What a collector answers to the last export, and what the log says about it.
const refusals: [number, RegExp][] = [
  [301, /Moved Permanently/],
  [400, /Bad Request/],
  [401, /Unauthorized/],
  [404, /Not Found/],
  [500, /Internal Server Error/],
  [200, /OTLPExportDelegate: .*deserialize/],
];

for (const [status, reason] of refusals) {
  test(`a collector that answers the last export with ${status} and text: one line says why, and nothing else fails`, async (t) => {
    const collector = createHttpServer((request, response) => {
      request.resume().on('end', () => response.writeHead(status, { Location: '/' }).end('not OTLP'));
    }).listen(0, '127.0.0.1');
    t.after(() => collector.close());
    await once(collector, 'listening');

    const error = await shutDownWithOneSpan(t, 'http/protobuf', (collector.address() as AddressInfo).port);
    assert.match(error, reason);
    assert.doesNotMatch(error, /\n/);
  });
}

test('a collector that never answers: after 3 s one line says so, and nothing else fails', async (t) => {
  const collector = createHttpServer().listen(0, '127.0.0.1');
  t.after(() => {
    collector.close();
    collector.closeAllConnections();
  });
  await once(collector, 'listening');

  const error = await shutDownWithOneSpan(t, 'http/protobuf', (collector.address() as AddressInfo).port);
  assert.equal(error, 'Spans not sent in 3 s');
});

test("nobody at the collector's gRPC port: one line says why, and nothing else fails", async (t) => {
  assert.match(await shutDownWithOneSpan(t, 'grpc', await freePort()), /ECONNREFUSED/);
});

// The telemetry error of an SDK whose only span is exported when it stops. Each is a fresh one in the test's own process,
// which costs much less than to start a service.
async function shutDownWithOneSpan(t: TestContext, protocol: string, collectorPort: number): Promise<string> {
  const lines: Record<string, string>[] = [];
  const stream = new Writable({
    write(line, _encoding, done) {
      lines.push(JSON.parse(line));
      done();
    },
  });
  logger.clear().add(new winston.transports.Stream({ stream }));
  // The hooks of import-in-the-middle warn that they are there already.
  t.mock.method(process, 'emitWarning', () => {});
  Object.assign(process.env, {
    OTEL_TRACES_EXPORTER: 'otlp',
    OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${collectorPort}`,
    OTEL_METRICS_EXPORTER: 'none',
    OTEL_LOGS_EXPORTER: 'none',
    OTEL_BSP_SCHEDULE_DELAY: '60000',
    OTEL_EXPORTER_OTLP_TIMEOUT: '4000',
  });

  const { shutdownTelemetry } = await import(`../src/instrumentation.ts?${collectorPort}`);
  trace.getTracer('test').startSpan('roll').end();
  await shutdownTelemetry();
  for (const api of [trace, context, propagation, diag]) api.disable();

  assert.deepEqual(
    lines.map(({ message }) => message),
    ['Telemetry error'],
  );

  return lines[0].error;
}

test('what is logged does not depend on tracing: OTEL_SDK_DISABLED=true removes only the ids', async () => {
  const port = await freePort();
  const service = start({ OTEL_SDK_DISABLED: 'true', PORT: String(port) });
  await service.logged('Application started');
  await fetch(`http://127.0.0.1:${port}/nothing`);
  await fetch(`http://127.0.0.1:${port}/roll`, { method: 'DELETE' });
  await fetch(`http://127.0.0.1:${port}/healthz`, { method: 'DELETE' });
  service.child.kill();
  await service.exitCode();

  assert.deepEqual(
    service.lines.map(({ message, error, trace_id }) => [message, error, trace_id]),
    [
      ['Application started', undefined, undefined],
      ['Request rejected', 'There is nothing at this path', undefined],
      ['Request rejected', 'This path answers GET only', undefined],
      ['Application stopping', undefined, undefined],
    ],
  );
});

const wrong = { PORT: ['http', '65536', '-1', '80.5'], ROLL_MAX_DELAY_MS: ['1s', '60001'] };

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

for (const value of ['die-service:8001', 'ftp://die-service']) {
  test(`DIE_SERVICE_URL=${value} is refused with an error that names the variable`, async (t) => {
    process.env.DIE_SERVICE_URL = value;
    t.after(() => delete process.env.DIE_SERVICE_URL);

    const error = /DIE_SERVICE_URL must be an address such as .* not "/;
    await assert.rejects(import(`../src/config.ts?DIE_SERVICE_URL=${value}`), error);
  });
}

test('a wrong setting stops the start with one error line that says why', async () => {
  const service = start({ PORT: 'http' });

  assert.equal(await service.exitCode(), 1);
  assert.equal(service.lines.length, 1);
  assert.equal(service.lines[0].level, 'ERROR');
  assert.match(service.lines[0].error, /PORT must be a whole number .* not "http"/);
});

test('a port that is taken stops the start with one error line', async (t) => {
  const owner = createServer().listen(0, '127.0.0.1');
  t.after(() => owner.close());
  await once(owner, 'listening');
  const service = start({ PORT: String((owner.address() as AddressInfo).port) });

  assert.equal(await service.exitCode(), 1);
  assert.equal(service.lines.length, 1);
  assert.match(service.lines[0].error, /EADDRINUSE/);
});
