import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readMetrics } from '../metrics.ts';
import { exposition } from './open-viewer.ts';

const counter = 'dice_rolls_total{die_type="fair",result="success"} 12';

test('a counter has the name that queries use, in OpenMetrics and in the older format', () => {
  const open = readMetrics(`# TYPE dice_rolls counter\n${counter}\ndice_rolls_created{die_type="fair"} 1.7e9\n`);
  const older = readMetrics(`# TYPE dice_rolls_total counter\n${counter}\n`);

  assert.deepEqual(open, older);
  assert.deepEqual(open[0]!.series, [{ labels: { die_type: 'fair', result: 'success' }, value: 12 }]);
});

test('a histogram is its count and its sum, whatever buckets and exemplars it has', () => {
  const histogram = readMetrics(exposition).find(({ type }) => type === 'histogram')!;

  assert.deepEqual(histogram.series, [{ labels: { die_type: 'fair' }, count: 4, sum: 14 }]);
});

test('a summary is its count and its sum, without its quantiles', () => {
  const [summary] = readMetrics('# TYPE wait summary\nwait{quantile="0.9"} 3\nwait_sum 10\nwait_count 4\n');

  assert.deepEqual(summary!.series, [{ labels: {}, count: 4, sum: 10 }]);
});

test('labels are read with braces, quotes and line ends in them', () => {
  const [metric] = readMetrics('up{path="/{id}",text="a \\"b\\"\\nc\\\\"} 1 1700000000000\n');

  assert.deepEqual(metric, {
    name: 'up',
    type: 'untyped',
    help: '',
    series: [{ labels: { path: '/{id}', text: 'a "b"\nc\\' }, value: 1 }],
  });
});

test('a line that is not a sample is quoted', () => {
  assert.throws(() => readMetrics('<!doctype html>'), /cannot be read: <!doctype html>/);
});
