import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Metric } from '../compare/metrics.ts';
import { mergeMetrics, withMemory } from '../full/memory.ts';
import { span } from './observations.ts';

type Series = [labels: Record<string, string>, count: number][];

const metric = (name: string, series: Series, exemplars: string[] = []): Metric => ({
  ...{ name, type: 'counter', exemplars },
  series: series.map(([labels, count]) => ({ labels, count, bounds: [] })),
});
const countsOf = (metrics: Metric[], name: string): [string, number][] =>
  metrics.find((metric) => metric.name === name)!.series.map(({ labels, count }) => [labels.die ?? '', count]);

suite('what a service has counted', () => {
  test('is the most that each series had, in whatever order its labels are', () => {
    const known = [metric('rolls', [[{ die: 'fair', result: 'success' }, 5]])];
    const seen = [
      metric('rolls', [
        [{ result: 'success', die: 'fair' }, 3],
        [{ die: 'risky', result: 'success' }, 1],
      ]),
    ];
    assert.deepEqual(countsOf(mergeMetrics(known, seen), 'rolls'), [
      ['fair', 5],
      ['risky', 1],
    ]);
    assert.deepEqual(countsOf(mergeMetrics(seen, known), 'rolls'), [
      ['fair', 5],
      ['risky', 1],
    ]);
  });

  test('keeps a metric that is gone, all exemplars, and the description that is there now', () => {
    const known = [metric('old', [[{}, 1]]), metric('rolls', [], ['a'])];
    const merged = mergeMetrics(known, [{ ...metric('rolls', [], ['b']), type: 'gauge' }]);
    assert.deepEqual(
      merged.map(({ name, type, exemplars }) => [name, type, exemplars]),
      [
        ['rolls', 'gauge', ['b', 'a']],
        ['old', 'counter', []],
      ],
    );
    assert.deepEqual(mergeMetrics(undefined, known), known);
  });
});

suite('the memory', () => {
  const none = { logs: [], usage: { logs: [] } };

  test('of spans leaves out a trace that loses some on purpose, and has each span as it was last', async () => {
    const answers = [
      [span({ spanId: 'a' }), span({ spanId: 'b', traceId: '9'.repeat(32) })],
      [span({ spanId: 'a', name: 'grown' })],
    ];
    const reader = { name: 'receiver', patience: 0, read: async () => answers.shift()! };
    const { readers, ignored, look } = withMemory({ ...none, metrics: [], spans: reader });
    await look();
    ignored.add('9'.repeat(32));
    const spans = await (readers.spans as typeof reader).read();
    assert.deepEqual(
      spans.map(({ spanId, name }) => [spanId, name]),
      [['a', 'grown']],
    );
  });

  test('is of what services say themselves: Prometheus keeps its own', async () => {
    const answers = [[metric('rolls', [[{ die: 'fair' }, 5]])], [metric('rolls', [[{ die: 'fair' }, 1]])]];
    const reader = { name: 'Prometheus', patience: 0, read: async () => answers.shift()! };
    const spans = { name: 'Tempo', missing: 'not here' };
    const { readers } = withMemory({ ...none, metrics: [{ service: 'dice', reader }], spans });
    const same = readers.metrics[0]!.reader as typeof reader;
    const counts = [await same.read(), await same.read()].map((metrics) => countsOf(metrics, 'rolls')[0]![1]);
    assert.deepEqual(counts, [5, 1]);
    assert.deepEqual(readers.spans, spans);
  });
});
