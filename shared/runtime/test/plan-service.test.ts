import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { readService } from '../compose/service.ts';
import { backEndOf } from '../plan/back-ends.ts';
import { planService, type Surroundings } from '../plan/plan-service.ts';

/** A stage's folder with one file, where ports have moved by 10,000 and Tempo does not run. */
function surroundings(t: TestContext): Surroundings {
  const directory = mkdtempSync(join(tmpdir(), 'plan-'));
  t.after(() => rmSync(directory, { recursive: true }));
  writeFileSync(join(directory, 'a.yaml'), '');
  const names = { web: 'web', loki: 'loki', tempo: 'tempo' };
  const ports = { web: { 8000: 18_000 }, loki: { 3100: 13_100 }, collector: { 4318: 14_318 } };
  return { stage: 'stage-x', directory, names, ports, missing: new Set(['tempo']), jobs: new Set(['job']) };
}

const serviceOf = (name: string, tree: object) => readService(name, { ...tree }, { ...tree }, {});

function backEnd(t: TestContext, image: string, tree: object = {}, name = image.split('/').at(-1)!) {
  const service = serviceOf(name, { image, ...tree });
  const program = { kind: 'back end', backEnd: backEndOf(image)!, binary: process.execPath } as const;
  return planService(service, { ...program, command: service.command ?? [] }, surroundings(t));
}

suite('a service of our own', () => {
  const program = {
    kind: 'own',
    directory: '/here/web',
    workdir: '/app',
    environment: { A: 'image', B: 'image' },
  } as const;
  const planned = (t: TestContext, tree: object, name = 'web') =>
    planService(serviceOf(name, tree), { ...program, command: ['node', '/app/server.js'] }, surroundings(t));

  test('runs in its folder, with its variables over those of its image', (t) => {
    const { command, directory, environment, places } = planned(t, { environment: { B: 'http://loki:3100' } });
    assert.deepEqual([command, directory], [['node', '/here/web/server.js'], '/here/web']);
    assert.deepEqual([environment.A, environment.B], ['image', 'http://127.0.0.1:13100']);
    assert.deepEqual(places, [], 'its folder itself is no place to write to');
  });

  test('does not wait for what does not run here, and neither does its readiness', (t) => {
    const depends_on = ['loki', 'tempo'];
    const test = ['CMD-SHELL', "wget 'http://localhost:8000/healthz' && wget http://tempo:3200/ready"];
    const { dependsOn, readiness } = planned(t, { depends_on, healthcheck: { test, interval: '1s', retries: 2 } });
    assert.deepEqual(
      dependsOn.map(({ service }) => service),
      ['loki'],
    );
    assert.deepEqual(readiness, { urls: ['http://127.0.0.1:18000/healthz'], patience: 2000 });
  });

  test('is published where a person opens it, and is known as a job, and by where its lines go', (t) => {
    const healthcheck = { test: ['CMD', 'wget', 'http://localhost:8000/'] };
    const ports = ['127.0.0.1:18000:8000'];
    assert.equal(planned(t, { ports, healthcheck }).url, 'http://127.0.0.1:18000');
    assert.equal(planned(t, { ports }).url, '127.0.0.1:18000', 'nothing says that it speaks HTTP');
    const flags = [planned(t, { logging: { driver: 'fluentd' } }), planned(t, {}, 'job')];
    assert.deepEqual(
      flags.map(({ forwarded, job }) => [forwarded, job]),
      [
        [true, false],
        [false, true],
      ],
    );
  });
});

suite('a back end', () => {
  test('gets a copy of its configuration, with its own address in it, and is asked at its own port', (t) => {
    const tree = { command: ['-config.file=/etc/a.yaml'], volumes: ['./a.yaml:/etc/a.yaml:ro'] };
    const { command, configuration, readiness, image } = backEnd(t, 'grafana/loki', tree);
    assert.equal(command[0], process.execPath);
    assert.match(configuration!.file, /stage-x\/root\/loki\/etc\/a\.yaml$/);
    assert.equal(command[1], `-config.file=${configuration!.file}`);
    const ports = configuration!.keys.filter(([path]) => path.at(-1) === 'http_listen_port');
    assert.deepEqual(ports, [[['server', 'http_listen_port'], 13_100]]);
    assert.deepEqual([readiness.urls, image], [['http://127.0.0.1:13100/ready'], 'grafana/loki']);
  });

  test('is ready as it says itself: a line, or a port on which something listens', (t) => {
    const { readiness, stopSignal } = backEnd(t, 'postgres');
    assert.deepEqual([readiness.line, stopSignal], ['database system is ready to accept connections', 'SIGINT']);
    const collector = backEnd(t, 'otel/opentelemetry-collector-contrib', {}, 'collector');
    assert.deepEqual(collector.readiness, { urls: [], port: 14_318, patience: 60_000 });
  });

  test('keeps in its own folder what its image would keep in the container', (t) => {
    const { environment } = backEnd(t, 'grafana/grafana', { volumes: ['data:/var/lib/grafana'] });
    assert.match(environment.GF_PATHS_DATA!, /\/volumes\/stage-x\/data$/);
    assert.match(environment.GF_PATHS_PLUGINS!, /\/volumes\/stage-x\/data\/plugins$/);
    assert.match(environment.GF_PATHS_LOGS!, /\/stage-x\/root\/grafana\/var\/log\/grafana$/);
  });
});
