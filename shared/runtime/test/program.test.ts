import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { readComposeFile } from '../compose/compose-file.ts';
import { placeMounts } from '../plan/mounts.ts';
import type { PlannedService } from '../plan/plan.ts';
import { hostNames, makePortTable } from '../plan/port-table.ts';
import { findProgram } from '../plan/program.ts';
import { readYaml } from '../read-yaml.ts';
import { writeFiles } from '../run/prepare.ts';
import { scrapeTargets } from '../viewer/targets.ts';

/** A folder with a compose.yaml whose services are these, and with other files. */
function stageOf(t: TestContext, services: string, files: Record<string, string> = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'program-'));
  t.after(() => rmSync(directory, { recursive: true }));
  for (const [name, text] of Object.entries({ 'compose.yaml': `name: stage-x\nservices:\n${services}`, ...files })) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), text);
  }
  const compose = readComposeFile(directory);
  return { directory, services: compose.services, first: compose.services[0]! };
}

/** Makes a program the only one on the PATH. */
function onThePath(t: TestContext, name: string, script: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'bin-'));
  const before = process.env.PATH;
  t.after(() => {
    process.env.PATH = before;
    rmSync(folder, { recursive: true });
  });
  process.env.PATH = folder;
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
  return join(folder, name);
}

test('an own service is started as its image is, but by the command of compose.yaml where that has one', (t) => {
  const dockerfile =
    'FROM node:24\nWORKDIR /app\nENV PATH=/x MODE=quiet CACHE=/cache\nENTRYPOINT ["node"]\nCMD ["a.js"]\n';
  const stage = stageOf(t, '  web: { build: ./web }\n  other: { build: ./web, command: [b.js] }', {
    'web/Dockerfile': dockerfile,
  });
  const [web, other] = stage.services.map((service) => findProgram(service, stage.directory)) as any[];
  assert.deepEqual([web.kind, web.command, other.command], ['own', ['node', 'a.js'], ['node', 'b.js']]);
  // Paths in ENV are places inside the image.
  assert.deepEqual(web.environment, { MODE: 'quiet' });
});

test('an own service that says nowhere how it starts is refused, and so is one without a Dockerfile', (t) => {
  const silent = stageOf(t, '  web: { build: ./web }', { 'web/Dockerfile': 'FROM node:24\n' });
  assert.throws(
    () => findProgram(silent.first, silent.directory),
    /web does not say how it starts: give .*Dockerfile a CMD/,
  );
  const none = stageOf(t, '  web: { build: ./web }');
  assert.throws(() => findProgram(none.first, none.directory), /web: there is no .*Dockerfile/);
});

test('a back end whose program is not here is missing, at its cost, and so is an image of which nothing is known', (t) => {
  onThePath(t, 'true', '');
  const { services, directory } = stageOf(t, '  p: { image: prom/prometheus:v3 }\n  x: { image: acme/x:1 }');
  const [known, unknown] = services.map((service) => findProgram(service, directory)) as any[];
  assert.deepEqual([known.kind, unknown.kind], ['missing', 'missing']);
  assert.ok(known.cost.length > 0);
  assert.match(unknown.cost, /no program for the image acme\/x:1/);
});

test("a back end's program is not named twice", (t) => {
  const binary = onThePath(t, 'prometheus', '');
  const { services, directory } = stageOf(
    t,
    '  a: { image: "prom/prometheus:v3", command: [prometheus, --one] }\n  b: { image: "prom/prometheus:v3", command: [--one] }',
  );
  for (const service of services) {
    const program = findProgram(service, directory) as any;
    assert.deepEqual([program.binary, program.command], [binary, ['--one']]);
  }
});

test('every port that something refers to has one of this machine, and no two have the same', async (t) => {
  const stage = stageOf(
    t,
    `  web: { image: a, ports: ['127.0.0.1:18080:8080'], environment: { ONE: 'http://loki:4317', TWO: 'tempo-1:4317' } }
  loki: { image: b }
  tempo: { image: c, container_name: tempo-1 }
  idle: { image: d }`,
  );
  const table = await makePortTable('stage-x', stage.directory, stage.services, new Map());
  assert.equal(table.web![8080], 18080);
  const [loki, tempo] = [table.loki![4317]!, table.tempo![4317]!];
  assert.ok(loki >= 14317 && tempo >= 14317 && loki !== tempo, `${loki} ${tempo}`);
  assert.deepEqual(table.idle, {});
});

test('the page reads what Prometheus would read of the services that run, and nothing else', (t) => {
  const stage = stageOf(
    t,
    `  web: { image: a, container_name: web-1 }
  gone: { image: a }
  prometheus: { image: 'prom/prometheus:v3', volumes: ['./prometheus.yaml:/etc/prometheus.yaml:ro'] }`,
    {
      'prometheus.yaml': `scrape_configs:
  - { job_name: a, static_configs: [{ targets: ['web-1:8080', 'gone:8080', 'example.org:80', 'web:9'] }] }
  - { job_name: b, metrics_path: /own, static_configs: [{ targets: ['web:8080'] }] }
`,
    },
  );
  const running = stage.services.filter(({ name }) => name === 'web') as unknown as PlannedService[];
  const names = hostNames(stage.services);
  const ports = { web: { 8080: 18080 }, gone: { 8080: 18081 } };
  const plan = { stage: 'stage-x', directory: stage.directory, services: running, names, ports };
  assert.deepEqual(scrapeTargets(stage.services, plan), [
    { service: 'web', url: 'http://127.0.0.1:18080/metrics' },
    { service: 'web', url: 'http://127.0.0.1:18080/own' },
  ]);
});

test("a back end's configuration is copied with its addresses moved and its keys set, and with its comments", (t) => {
  const stage = stageOf(t, "  loki: { image: 'grafana/loki:3', volumes: ['./loki.yaml:/etc/loki.yaml:ro'] }", {
    'loki.yaml': '# why\nserver: { http_listen_port: 3100 }\nurl: http://tempo:4317\n',
  });
  process.env.DICE_RUN_DIR = join(stage.directory, 'run');
  t.after(() => delete process.env.DICE_RUN_DIR);
  const places = placeMounts(stage.first, 'stage-x', stage.directory);
  const [{ path: file }] = places as any;
  const planned = { name: 'loki', kind: 'back end', directory: join(stage.directory, 'run/loki'), places };
  const configuration = { file, keys: [[['server', 'http_listen_port'], 13100]] };
  writeFiles(
    { ...planned, configuration } as unknown as PlannedService,
    { tempo: 'tempo' },
    { tempo: { 4317: 14317 } },
  );
  assert.match(readFileSync(file, 'utf8'), /^# why\n/);
  assert.deepEqual(readYaml(file), { server: { http_listen_port: 13100 }, url: 'http://127.0.0.1:14317' });
});

test('a YAML file that is wrong is refused by its name and the place', (t) => {
  const { directory } = stageOf(t, '  a: { image: a }', { 'wrong.yaml': 'a: [1\nb: 2\n' });
  assert.throws(() => readYaml(join(directory, 'wrong.yaml')), /wrong\.yaml is not valid YAML: .*line/s);
});
