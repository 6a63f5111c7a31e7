import assert from 'node:assert/strict';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { repositoryRoot } from '../places.ts';
import { makePlan } from '../plan/make-plan.ts';
import type { Plan } from '../plan/plan.ts';
import { readUsageFiles } from '../usage/records.ts';
import { isUsage, type UsageFile } from '../usage/routes.ts';
import { openUsageWriter, type UsageWriter } from '../usage/writer.ts';
import { ordinaryBodies, usageBodies } from './usage-bodies.ts';

process.env.PATH = '';

const configuration = readFileSync(join(repositoryRoot, 'stage-6/observability/otel-collector.yaml'), 'utf8');

const [, quoted] = /condition: ('.*')/.exec(configuration)!;

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'usage-'));
  t.after(() => rmSync(path, { recursive: true }));
  return path;
}

/** The plan of a stage that has a collector only, with stage 6's configuration after a change. */
async function planWith(t: TestContext, from = '', to = '', volume = 'usage-data:/var/lib/usage'): Promise<Plan> {
  const directory = folder(t);
  assert.ok(configuration.includes(from), `stage 6's collector does not have this any more, so mend the test: ${from}`);
  writeFileSync(
    join(directory, 'collector.yaml'),
    configuration.replace(from, () => to),
  );
  const collector = {
    image: 'otel/opentelemetry-collector-contrib:0.159.0',
    ports: ['127.0.0.1:4318:4318'],
    volumes: ['./collector.yaml:/etc/otelcol/config.yaml:ro', volume],
  };
  writeFileSync(join(directory, 'compose.yaml'), JSON.stringify({ name: 'stage-x', services: { collector } }));
  return (await makePlan(directory)).plan;
}

suite('where the collector is missing, its route for usage records', () => {
  test('is taken from its configuration, with the path on this machine and the rotation', async (t) => {
    const { usage, missing } = await planWith(
      t,
      'max_megabytes: 10, max_days: 30, max_backups: 10',
      'max_megabytes: 3',
    );
    assert.match(usage!.path, /\/volumes\/stage-x\/usage-data\/usage\.jsonl$/);
    assert.deepEqual({ ...usage, path: '' }, { path: '', megabytes: 3, backups: 100, days: 0 });
    assert.doesNotMatch(missing[0]!.cost, /route/);
  });

  for (const [what, from, to] of [
    ['of another condition', '["usage"] == true', '["usage"] != nil'],
    ['of another context', 'context: log', 'context: resource'],
    ['to somewhere else', 'exporters: [file/usage]', 'exporters: [otlp_http/loki]'],
    ['to two places', 'exporters: [file/usage]', 'exporters: [file/usage, otlp_http/loki]'],
    [
      'to a file in another form',
      'path: /var/lib/usage/usage.jsonl',
      'path: /var/lib/usage/usage.jsonl\n    format: proto',
    ],
    ['to a file on no volume', 'path: /var/lib/usage/usage.jsonl', 'path: /tmp/usage.jsonl'],
  ] as const) {
    test(`${what} is not guessed at: up says that it does not know it`, async (t) => {
      const { usage, missing } = await planWith(t, from, to);
      assert.equal(usage, undefined);
      assert.match(missing[0]!.cost, /it does not know the route for IsString\(log\.body\).*so those lines stay among/);
    });
  }

  test('is taken once: of two for the same records up says that it is the first', async (t) => {
    const second = `\n      - { context: log, condition: ${quoted}, pipelines: [logs/usage] }`;
    const { usage, missing } = await planWith(t, 'pipelines: [logs/usage]', `pipelines: [logs/usage]${second}`);
    assert.match(usage!.path, /usage\.jsonl$/);
    assert.match(missing[0]!.cost, /of the routes for IsString\(log\.body\).* only the first is taken$/);
    assert.doesNotMatch(missing[0]!.cost, /does not know/);
  });

  test('that no pipeline uses is none', async (t) => {
    const { usage, missing } = await planWith(t, 'exporters: [routing/usage]', 'exporters: [otlp_http/loki]');
    assert.equal(usage, undefined);
    assert.doesNotMatch(missing[0]!.cost, /route/);
  });

  test('in a file that is not YAML is a fault of that file', async (t) => {
    await assert.rejects(planWith(t, 'connectors:', 'connectors: {'), /collector\.yaml is not valid YAML/);
  });
});

suite('a line', () => {
  test('whose field usage is true is a usage record', () => {
    assert.deepEqual(
      usageBodies.filter((body) => !isUsage(body)),
      [],
    );
  });

  test('that only looks like one is none', () => {
    assert.deepEqual(ordinaryBodies.filter(isUsage), []);
  });
});

suite('the usage file', () => {
  const container = { id: 'c'.repeat(64), name: 'web' };
  const lineOf = (text: string) => ({
    service: 'web',
    source: 'stdout' as const,
    text,
    time: new Date(1_700_000_000_123),
  });
  const fileIn = (directory: string, more: Partial<UsageFile> = {}): UsageFile => ({
    ...{ path: join(directory, 'usage.jsonl'), megabytes: 1, backups: 2, days: 0 },
    ...more,
  });

  /** Opens a writer, and remembers what it told. */
  const open = (file: UsageFile): UsageWriter & { told: string[] } => {
    const told: string[] = [];
    return { ...openUsageWriter(file, (text) => told.push(text)), told };
  };

  test('gets a batch a line, in the JSON form of OTLP', (t) => {
    const file = fileIn(join(folder(t), 'made'));
    const writer = open(file);
    const traceId = 'a'.repeat(32);
    const texts = [
      JSON.stringify({ level: 'INFO', message: 'Usage', trace_id: traceId, usage: true }),
      '{"usage":true}',
    ];
    for (const text of texts) writer.add(lineOf(text), container);
    writer.add(lineOf(texts[1]!), { ...container, name: 'other' });
    writer.close();
    const lines = readFileSync(file.path, 'utf8').split('\n');
    assert.equal(lines.length, 2);
    const { resourceLogs } = JSON.parse(lines[0]!);
    const [web, other] = resourceLogs;
    assert.deepEqual(web.resource, { attributes: [{ key: 'container.name', value: { stringValue: 'web' } }] });
    assert.deepEqual(web.scopeLogs[0].logRecords[0], {
      timeUnixNano: '1700000000123000000',
      severityText: 'INFO',
      body: { stringValue: texts[0] },
      attributes: [
        { key: 'container_id', value: { stringValue: container.id } },
        { key: 'source', value: { stringValue: 'stdout' } },
      ],
      traceId,
    });
    assert.equal(web.scopeLogs[0].logRecords.length, 2);
    assert.equal(other.scopeLogs[0].logRecords[0].body.stringValue, texts[1]);
  });

  test('begins anew before it exceeds its size, and keeps the newest of the older ones', (t) => {
    const directory = folder(t);
    const writer = open(fileIn(directory));
    for (const name of ['notes.txt', 'usage-notes.jsonl']) writeFileSync(join(directory, name), 'not ours');
    writeFileSync(join(directory, 'usage-2020-01-01T00-00-00.000-size.jsonl'), 'old');
    const text = JSON.stringify({ usage: true, user: 'x'.repeat(4000) });
    // A batch of two hundred is written at once, and one of them is most of a megabyte.
    for (let count = 0; count < 600; count++) writer.add(lineOf(text), container);
    writer.close();
    const files = readdirSync(directory).sort();
    assert.deepEqual([files[0], ...files.slice(-2)], ['notes.txt', 'usage-notes.jsonl', 'usage.jsonl']);
    assert.equal(files.length, 5);
    assert.ok(
      files.slice(1, 3).every((name) => /^usage-20\d\d-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}-size\.jsonl$/.test(name)),
    );
    assert.ok(!files.includes('usage-2020-01-01T00-00-00.000-size.jsonl'));
    const contents = [...files.slice(1, 3), 'usage.jsonl'].map((name) => readFileSync(join(directory, name), 'utf8'));
    assert.ok(contents.every((content) => content.length < 2 ** 20));
    assert.equal(readUsageFiles(contents).length, 600);
  });

  test('of an earlier time is removed when it is too old', (t) => {
    const directory = folder(t);
    const [old, young] = ['usage-2026-01-01T00-00-00.000-size.jsonl', 'usage-2026-01-02T00-00-00.000-size.jsonl'];
    for (const [name, age] of [
      [old, 3],
      [young, 1],
    ] as const) {
      writeFileSync(join(directory, name), '');
      const time = Date.now() / 1000 - age * 86_400;
      utimesSync(join(directory, name), time, time);
    }
    writeFileSync(join(directory, 'usage.jsonl'), 'x'.repeat(2 ** 20));
    const writer = open(fileIn(directory, { days: 2, backups: 9 }));
    writer.add(lineOf('{"usage":true}'), container);
    writer.close();
    const files = readdirSync(directory);
    assert.deepEqual([files.includes(old), files.includes(young), files.length], [false, true, 3]);
  });

  test('that cannot be written costs its records and nothing else, is told once, and is tried again', async (t) => {
    const directory = folder(t);
    const file = fileIn(directory);
    const writer = open(file);
    const use = (): void => writer.add(lineOf('{"usage":true}'), container);
    mkdirSync(file.path);
    for (let count = 0; count < 400; count++) use();
    assert.equal(writer.told.length, 1);
    assert.match(writer.told[0]!, /^Usage is being lost, for its file cannot be written: EISDIR/);
    use();
    // A batch that waits for its second is no different.
    await sleep(1200);
    rmdirSync(file.path);
    use();
    writer.close();
    assert.equal(readUsageFiles([readFileSync(file.path, 'utf8')]).length, 1);
    assert.equal(writer.told.length, 1);
    rmSync(file.path);
    mkdirSync(file.path);
    use();
    writer.close();
    assert.equal(writer.told.length, 2);
  });

  test('is read with the time that a line tells, whatever else its record has', (t) => {
    const directory = folder(t);
    const file = fileIn(directory);
    const writer = open(file);
    const lines = ['{"timestamp":"2026-11-21T09:00:00.123Z","usage":true}', '{"usage":true}', '5', 'null', 'no JSON'];
    for (const line of lines) writer.add(lineOf(line), container);
    writer.close();
    const seen = readUsageFiles([readFileSync(file.path, 'utf8').replaceAll('timeUnixNano', 'observedTimeUnixNano')]);
    const times = [Date.UTC(2026, 10, 21, 9, 0, 0, 123), NaN, NaN, NaN, NaN];
    assert.deepEqual(
      seen,
      lines.map((line, index) => ({ container: 'web', line, timeMs: times[index] })),
    );
  });

  test('is read without what is no batch, or no whole one, and with the batch that follows in the same line', (t) => {
    const directory = folder(t);
    const file = fileIn(directory);
    const writer = open(file);
    writer.add(lineOf('{"usage":true}'), container);
    writer.close();
    const batch = readFileSync(file.path, 'utf8');
    const texts = [
      `${batch}${batch.slice(0, 50)}`,
      `${batch.slice(0, 50)}${batch.slice(0, 20)}${batch}null\n{}\n5\n${batch}`,
    ];
    assert.equal(readUsageFiles(texts).length, 3);
  });
});
