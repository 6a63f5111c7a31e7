import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareWithAims } from '../aims.ts';
import type { Measured, Sample } from '../figures.ts';
import { figureTable, losses, ratio, ratioTable, type Result } from '../report.ts';

function result(name: string, delivers: number, samples: { cpu: Measured; spans: number }[]): Result {
  const rest = {
    rate: 100,
    p99: 10,
    ready: 0.5,
    readyCpu: 0.6,
    readyUncached: 1,
    firstSpan: 'no spans',
    idle: 100,
    highest: 200,
  };
  const sample = ({ cpu, spans }: { cpu: Measured; spans: number }): Sample => ({
    figures: { ...rest, cpu },
    delivered: { spans, lines: 2, counts: 1 },
  });
  const variant = {
    name,
    folder: '',
    command: [],
    environment: {},
    delivers: { spans: delivers, lines: 2, counts: 1 },
  };
  return { variant, samples: samples.map(sample) };
}

const baseline = result('baseline', 0, [
  { cpu: 1, spans: 0 },
  { cpu: 10, spans: 0 },
  { cpu: 1, spans: 0 },
]);
const stage = result('stage 1', 1, [
  { cpu: 3, spans: 1 },
  { cpu: 30, spans: 1 },
  { cpu: 4, spans: 1 },
]);

test('a ratio is the median of the ratios of the rounds', () => {
  assert.equal(ratio(stage, baseline, 'cpu'), 3);
});

test('a row has a median and its spread for each variant, or why there is none', () => {
  const lines = figureTable([baseline, stage]).split('\n');

  assert.match(lines[0]!, /^\| median ± spread +\| baseline +\| stage 1 +\|$/);
  assert.match(lines[1]!, /^\|-+\|-+\|-+\|$/);
  assert.match(lines[2]!, /^\| CPU per 1000 requests, s +\| 1\.000 ±225% +\| 4\.000 ±169% +\|$/);
  assert.match(figureTable([baseline]), /first request to its span, s +\| no spans/);
});

test('the ratios come with what was delivered for them', () => {
  const table = ratioTable([baseline, stage]);

  assert.match(table, /^\| CPU per 1000 requests +\| 1\.00 +\| 3\.00 +\|$/m);
  assert.match(table, /^\| spans per request +\| 0 +\| 1 +\|$/m);
  assert.match(table, /^\| first request to its span +\| – +\| – +\|$/m);
});

test('what cannot be measured has no ratio', () => {
  const blind = result('stage 1', 1, [{ cpu: 'not measured', spans: 1 }]);

  assert.equal(ratio(blind, blind, 'cpu'), '–');
  assert.match(figureTable([blind]), /CPU per 1000 requests, s +\| not measured/);
});

test('a span that is lost in one round is named', () => {
  const lossy = result('stage 1', 1, [
    { cpu: 1, spans: 1 },
    { cpu: 1, spans: 0.999 },
  ]);

  assert.deepEqual(losses([stage, lossy]), ['stage 1: spans per request must be 1 in every round, not 1, 0.999']);
});

test('each aim is met or not met', () => {
  const [cpu, ready] = compareWithAims(stage, baseline);

  assert.equal(cpu, 'CPU per request, against the baseline: at most 3.5×; 3.00×, met');
  assert.equal(ready, 'start to ready: at most 0.6 s; 0.50 s, met');
  const [slow] = compareWithAims(result('stage 1', 1, [{ cpu: 4, spans: 1 }]), baseline);
  assert.match(slow!, /4\.00×, not met$/);
});
