import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { findingsOf } from '../compare/findings.ts';
import { compareLogs } from '../compare/logs.ts';
import { compareMetrics, type Metric } from '../compare/metrics.ts';
import { parseContract } from '../contract/contract.ts';
import { demandAll } from '../contract/demand-all.ts';
import { withMemory } from '../full/memory.ts';
import { faults, outcomes, span } from './observations.ts';

const contract = parseContract(`
services:
  dice:
    metrics:
      asked_total:
        type: counter
        labels: { status: '200' }
        some: { status: ['499', '503'], method: any method }
    logs:
      - { message: Stopping, level: INFO, trace: none, optional: at the end only }
`);

function asked(counts: Record<string, number>): Metric {
  const series = Object.entries(counts).map(([status, count]) => ({ labels: { status }, count, bounds: [] }));
  return { name: 'asked_total', type: 'counter', series, exemplars: [] };
}

suite('with everything demanded', () => {
  const full = demandAll(contract).services.dice!;

  test('what is optional must be seen', () => {
    assert.equal(
      outcomes(compareLogs('dice', contract.services.dice!, [], 'log file'))['dice log Stopping'],
      'not checked',
    );
    assert.deepEqual(faults(compareLogs('dice', full, [], 'log file')), ['dice log Stopping: was never seen']);
  });

  test('each further value of a label must have counted, as the service itself says', () => {
    const seen = [asked({ 200: 3, 499: 1, 503: 0 })];
    assert.deepEqual(faults(compareMetrics('dice', full, seen, '/metrics')), [
      'dice metric asked_total: label status never had the value 503',
    ]);
    assert.deepEqual(faults(compareMetrics('dice', full, seen, 'Prometheus')), []);
  });
});

suite('the memory of what was read', () => {
  const none = { logs: [], usage: { logs: [] } };

  test('keeps what a service had counted before it was restarted', async () => {
    const answers = [[asked({ 200: 5, 503: 2 })], [asked({ 200: 1, 499: 1 })]];
    const reader = { name: '/metrics', patience: 0, read: async () => answers.shift()! };
    const { readers, look } = withMemory({
      ...none,
      metrics: [{ service: 'dice', reader }],
      spans: { name: 'Tempo', missing: 'not here' },
    });
    await look();
    const remembering = readers.metrics[0]!.reader as typeof reader;
    const counts = (await remembering.read())[0]!.series.map(({ labels, count }) => [labels.status, count]);
    assert.deepEqual(Object.fromEntries(counts), { 200: 5, 499: 1, 503: 2 });
  });

  test('keeps spans that their store has lost, and passes over a place that does not answer', async () => {
    const answers = [[span({ spanId: 'a' })], [span({ spanId: 'b' })]];
    const spans = {
      name: 'receiver',
      patience: 0,
      read: async () => answers.shift() ?? Promise.reject(new Error('down')),
    };
    const { readers, look } = withMemory({ ...none, metrics: [], spans });
    await look();
    const ids = async () => (await (readers.spans as typeof spans).read()).map(({ spanId }) => spanId);
    assert.deepEqual(await ids(), ['a', 'b']);
    await look();
    await assert.rejects(ids(), /down/);
  });
});

test('a finding is a code with arguments and a place, and says whether it may still come', () => {
  const seen = [asked({ 200: 1, 302: 1 })];
  const [finding] = findingsOf(compareMetrics('dice', contract.services.dice!, seen, '/metrics'));
  assert.deepEqual(finding, {
    code: 'undeclared-label-value',
    arguments: { label: 'status', value: '302' },
    place: {
      ...{ area: 'metrics', service: 'dice', name: 'asked_total', source: '/metrics' },
      subject: 'dice metric asked_total',
    },
  });
  const [missing] = findingsOf(compareMetrics('dice', contract.services.dice!, [], '/metrics'));
  assert.deepEqual([missing!.code, missing!.pending], ['never-seen', true]);
});
