import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { DataSource } from '../panels/dashboard.ts';
import { askGrafana } from '../panels/grafana-queries.ts';
import { ask, askJson } from '../read/ask.ts';
import { logFileReader, loki } from '../read/log-readers.ts';
import { prometheus } from '../read/metrics-readers.ts';
import { backEnd } from './back-end.ts';

test('a refusal has the reason that the back end gives, in JSON or as text', async (t) => {
  for (const [body, reason] of [
    [{ status: 'error', error: 'parse error' }, 'parse error'],
    [{ message: 'not found' }, 'not found'],
    ['  no such tenant\n', 'no such tenant'],
    ['', 'Bad Request'],
  ] as const) {
    const { url } = await backEnd(t, () => ({ status: 400, body }));
    await assert.rejects(ask(url), { status: 400, message: reason });
  }
});

test('a back end that does not answer is named', async () => {
  await assert.rejects(askJson('http://127.0.0.1:9/api'), {
    status: 0,
    message: /^http:\/\/127\.0\.0\.1:9 does not answer: /,
  });
});

test('lines of Loki come in the order of their time, page after page, and none twice', async (t) => {
  const since = 1_700_000_000_000;
  // Two streams, newest first, as Loki may give them; a first page that is full.
  const time = (number: number): string => String(BigInt(since) * 1_000_000n + BigInt(number));
  const full = Array.from({ length: 5000 }, (_, number) => [time(number), `line ${number}`]).reverse();
  const pages = [
    [full.filter((_, at) => at % 2 === 0), full.filter((_, at) => at % 2 === 1)],
    [[[time(5000), 'last']]],
  ];
  const { asked, url } = await backEnd(t, () => ({
    body: { data: { result: pages.shift()!.map((values) => ({ values })) } },
  }));
  const lines = await loki(url, 'dice-roller', since).read();
  assert.equal(lines.length, 5001);
  assert.deepEqual([lines[0], lines[1], lines.at(-1)], ['line 0', 'line 1', 'last']);
  assert.deepEqual(
    asked.map(({ searchParams }) => searchParams.get('start')),
    [time(0), time(5000)],
  );
  assert.equal(asked[0]!.searchParams.get('query'), '{container_name="dice-roller"}');
});

test('lines of a log file are those that were printed, without the time before them', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'readers-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'a.log'), '2026-01-01T00:00:00.000Z {"message":"a b"}\n2026-01-01T00:00:00.001Z plain\n');
  assert.deepEqual(await logFileReader(join(folder, 'a.log')).read(), ['{"message":"a b"}', 'plain']);
});

test('series of Prometheus are read without what it adds, and with the types of its targets', async (t) => {
  const target = { job: 'dice-roller', instance: 'dice-roller:8000' };
  const sample = (name: string, labels: object, value: string) => ({
    metric: { __name__: name, ...target, ...labels },
    value: [1, value],
  });
  const result = [
    sample('up', {}, '1'),
    sample('scrape_duration_seconds', {}, '1'),
    sample('rolls_total', { die: 'fair' }, '3'),
    sample('rolls_total', { die: 'risky' }, '4'),
  ];
  const { url } = await backEnd(t, ({ pathname }) => ({
    body: { data: pathname.endsWith('/query') ? { result } : [{ metric: 'rolls_total', type: 'counter' }] },
  }));
  const metrics = await prometheus(url, 'dice-roller', Date.now()).read();
  assert.deepEqual(
    metrics.map(({ name, type, series }) => [name, type, series.map(({ labels, count }) => [labels.die, count])]),
    [
      [
        'rolls_total',
        'counter',
        [
          ['fair', 3],
          ['risky', 4],
        ],
      ],
    ],
  );
  assert.ok(metrics[0]!.series.every(({ labels }) => !('job' in labels) && !('instance' in labels)));
});

test('a panel shows something if any column but the time has a value', async (t) => {
  const source: DataSource = { uid: 'prometheus', type: 'prometheus', scrapeInterval: 5000 };
  const shows = async (result: object): Promise<boolean> => {
    const { url } = await backEnd(t, () => ({ body: { results: { A: result } } }));
    return askGrafana(url, source, { refId: 'A' }, { from: 0, to: 1, step: 1 });
  };
  const frame = (...values: unknown[][]) => ({
    frames: [{ schema: { fields: [{ type: 'time' }, { type: 'number' }] }, data: { values } }],
  });
  assert.equal(await shows(frame([1, 2], [null, 0])), true);
  assert.equal(await shows(frame([1, 2], [null, null])), false);
  assert.equal(await shows({ frames: [] }), false);
  await assert.rejects(shows({ error: 'bad query', status: 400 }), { status: 400, message: 'bad query' });
});
