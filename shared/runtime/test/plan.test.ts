import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { refuseTakenPorts } from '../plan/free-ports.ts';
import { makePlan, planOne } from '../plan/make-plan.ts';
import { repositoryRoot } from '../places.ts';
import { small } from './small-stage.ts';
import { freePorts } from '../free-ports.ts';

process.env.PATH = '';

test('an own service runs from its folder, by the CMD of its Dockerfile, with its addresses and paths rewritten', async () => {
  const { plan } = await makePlan(small);
  const web = plan.services.find(({ name }) => name === 'web')!;
  assert.equal(web.directory, join(small, 'web'));
  assert.deepEqual(web.command, ['node', join(small, 'web/server.js')]);
  const { NODE_ENV, HOST, PORT, SELF, TRACES, GREETING } = web.environment;
  assert.deepEqual(
    [NODE_ENV, HOST, PORT, SELF],
    ['production', '127.0.0.1', '18080', 'http://127.0.0.1:18080/healthz'],
  );
  assert.equal(TRACES, 'http://127.0.0.1:4318/v1/traces');
  assert.match(GREETING!, /stage-small\/root\/web\/etc\/web\/greeting\.txt$/);
  assert.deepEqual(web.readiness.urls, ['http://127.0.0.1:18080/healthz']);
});

test('a service gets what compose.yaml gives it, not what this shell has set', async (t) => {
  process.env.NODE_OPTIONS = '--no-warnings';
  t.after(() => delete process.env.NODE_OPTIONS);
  const { plan } = await makePlan(small);
  assert.equal('NODE_OPTIONS' in plan.services[0]!.environment, false);
});

test('what a service compiles is kept where this shell keeps it, if anywhere', async (t) => {
  const before = process.env.NODE_COMPILE_CACHE;
  t.after(() => {
    delete process.env.NODE_COMPILE_CACHE;
    if (before !== undefined) process.env.NODE_COMPILE_CACHE = before;
  });
  const kept = async () => (await makePlan(small)).plan.services[0]!.environment.NODE_COMPILE_CACHE;
  process.env.NODE_COMPILE_CACHE = '/cache';
  assert.equal(await kept(), '/cache');
  delete process.env.NODE_COMPILE_CACHE;
  assert.equal(await kept(), undefined);
});

test('where the collector is missing the receiver takes its port, and the plan says what that costs', async () => {
  const { plan, wanted } = await makePlan(small);
  assert.deepEqual(plan.receiver, { port: 4318, inPlaceOf: 'collector' });
  assert.equal(plan.fluentd, undefined);
  assert.deepEqual(
    plan.missing.map(({ name }) => name),
    ['collector'],
  );
  assert.deepEqual(wanted.at(-1), { service: 'the receiver', port: 4318, variable: 'OTLP_HTTP_PORT' });
});

test("where the collector's program is on the PATH it runs, and lines go to it", async (t) => {
  const bin = mkdtempSync(join(tmpdir(), 'bin-'));
  t.after(() => rmSync(bin, { recursive: true }));
  writeFileSync(join(bin, 'otelcol-contrib'), '');
  chmodSync(join(bin, 'otelcol-contrib'), 0o755);
  process.env.PATH = bin;
  t.after(() => (process.env.PATH = ''));
  const { plan } = await makePlan(small);
  assert.equal(plan.receiver, undefined);
  assert.equal(plan.fluentd, '127.0.0.1:24224');
  assert.deepEqual(plan.missing, []);
});

test('services of a profile are not started, but can be run next to the stage, at the ports that it got', async () => {
  const { plan } = await makePlan(small);
  assert.equal(
    plan.services.some(({ name }) => name === 'traffic'),
    false,
  );
  const { planned } = planOne(small, 'traffic', { web: { 8080: 5 } }, []);
  assert.equal(planned.environment.TARGET, 'http://127.0.0.1:5');
  assert.throws(() => planOne(small, 'nothing', {}, []), /no traffic named "nothing". It has: traffic/);
});

test('in stage 1, ports that clash without containers move for everyone who refers to them', async (t) => {
  const bin = mkdtempSync(join(tmpdir(), 'bin-'));
  t.after(() => rmSync(bin, { recursive: true }));
  for (const name of ['otelcol-contrib', 'loki', 'tempo', 'grafana', 'prometheus']) {
    writeFileSync(join(bin, name), '');
    chmodSync(join(bin, name), 0o755);
  }
  process.env.PATH = bin;
  t.after(() => (process.env.PATH = ''));
  const { plan } = await makePlan(join(repositoryRoot, 'stage-1'));
  const all = Object.values(plan.ports).flatMap((ports) => Object.values(ports));
  assert.equal(new Set(all).size, all.length);
  assert.equal(plan.ports['otel-collector']![4317], 4317);
  assert.notEqual(plan.ports.tempo![4317], 4317);
  const collector = plan.services.find(({ name }) => name === 'otel-collector')!;
  const [[path, port] = []] = collector.configuration!.keys;
  assert.deepEqual([path!.at(-1), port], ['port', plan.ports['otel-collector']![8888]]);
  assert.notEqual(port, 8888);
  // It waits for the collector, and `up` does so itself.
  const names = [...plan.services, ...plan.missing].map(({ name }) => name);
  assert.ok(!names.includes('collector-ready'));
  assert.deepEqual(plan.services.find(({ name }) => name === 'prometheus')!.dependsOn, []);
});

test('a port that is taken is named, with its owner and the variable that moves it', async (t) => {
  const [port = 0] = await freePorts(1);
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const wanted = [{ service: 'web', port, variable: 'WEB_PORT' }];
  await assert.rejects(
    refuseTakenPorts(wanted),
    new RegExp(`Port ${port}, for web, is taken by node \\(pid ${process.pid}\\).*WEB_PORT=`),
  );
});
