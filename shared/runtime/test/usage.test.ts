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
    ['to a file in the form of OTLP', '    encoding: text_encoding\n', ''],
    ['to a file in another form', 'encoding: text_encoding', 'encoding: text_encoding\n    compression: zstd'],
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
    assert.match(missing[0]!.cost, /it uses only the first of the routes for IsString\(log\.body\)/);
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
  const fileIn = (directory: string, more: Partial<UsageFile> = {}): UsageFile => ({
    ...{ path: join(directory, 'usage.jsonl'), megabytes: 1, backups: 2, days: 0 },
    ...more,
  });

  /** Opens a writer, and remembers what it told. */
  const open = (file: UsageFile): UsageWriter & { told: string[] } => {
    const told: string[] = [];
    return { ...openUsageWriter(file, (text) => told.push(text)), told };
  };

  test('gets each record at once, as its own line, as it was printed', (t) => {
    const file = fileIn(join(folder(t), 'made'));
    const writer = open(file);
    for (const text of usageBodies) {
      writer.add(text);
      assert.ok(readFileSync(file.path, 'utf8').endsWith(`${text}\n`));
    }
    assert.equal(readFileSync(file.path, 'utf8'), usageBodies.map((text) => `${text}\n`).join(''));
  });

  test('starts again before it exceeds its size, and keeps the newest of the older ones', (t) => {
    const directory = folder(t);
    const writer = open(fileIn(directory));
    for (const name of ['notes.txt', 'usage-notes.jsonl']) writeFileSync(join(directory, name), 'not ours');
    writeFileSync(join(directory, 'usage-2020-01-01T00-00-00.000-size.jsonl'), 'old');
    const text = JSON.stringify({ usage: true, user: 'x'.repeat(4000) });
    // Two hundred and sixty of them are a megabyte.
    for (let count = 0; count < 600; count++) writer.add(text);
    const files = readdirSync(directory).sort();
    assert.deepEqual([files[0], ...files.slice(-2)], ['notes.txt', 'usage-notes.jsonl', 'usage.jsonl']);
    assert.equal(files.length, 5);
    assert.ok(
      files.slice(1, 3).every((name) => /^usage-20\d\d-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}-size\.jsonl$/.test(name)),
    );
    assert.ok(!files.includes('usage-2020-01-01T00-00-00.000-size.jsonl'));
    const contents = [...files.slice(1, 3), 'usage.jsonl'].map((name) => readFileSync(join(directory, name), 'utf8'));
    assert.ok(contents.every((content) => content.length <= 2 ** 20));
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
    writer.add('{"usage":true}');
    const files = readdirSync(directory);
    assert.deepEqual([files.includes(old), files.includes(young), files.length], [false, true, 3]);
  });

  test('that cannot be written costs its records and nothing else, is reported once, and is tried again', (t) => {
    const directory = folder(t);
    const file = fileIn(directory);
    const writer = open(file);
    const use = (): void => writer.add('{"usage":true}');
    mkdirSync(file.path);
    use();
    use();
    assert.equal(writer.told.length, 1);
    assert.match(writer.told[0]!, /^Usage is being lost, because its file cannot be written: EISDIR/);
    rmdirSync(file.path);
    use();
    assert.equal(readUsageFiles([readFileSync(file.path, 'utf8')]).length, 1);
    assert.equal(writer.told.length, 1);
    rmSync(file.path);
    mkdirSync(file.path);
    use();
    assert.equal(writer.told.length, 2);
  });

  test('is read with the time that a line names, and without a line that is still being written', () => {
    const lines = ['{"timestamp":"2026-11-21T09:00:00.123Z","usage":true}', '{"usage":true}', '5', 'null', 'no JSON'];
    const [whole = ''] = lines;
    const times = [Date.UTC(2026, 10, 21, 9, 0, 0, 123), NaN, NaN, NaN, NaN];
    assert.deepEqual(
      // A rotated file may begin with the end of the line before.
      readUsageFiles([`\n${lines.join('\n')}\n`, `${whole}\n${whole.slice(0, 50)}`]),
      [...lines, whole].map((line, index) => ({ line, timeMs: [...times, times[0]][index] })),
    );
  });
});
