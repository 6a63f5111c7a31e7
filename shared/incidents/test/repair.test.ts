import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Span } from '../../runtime/receiver/model.ts';
import { judgeTraces } from '../repair.ts';
import { began, incidentNamed, span } from './fixture.ts';

const lock = incidentNamed('table locked by a report');
const window = { from: began, to: began + 60_000 };

/** Traces that begin one after the other, the first ones with a failed query. */
function traces(count: number, failed: number): Span[] {
  return Array.from({ length: count }, (_, index) =>
    span({
      traceId: `trace ${index}`,
      startMs: began + index,
      attributes: { 'db.system.name': 'postgresql', ...(index < failed && { 'error.type': '57014' }) },
    }),
  );
}

test('a repair is accepted when enough traces came and none shows it', () => {
  assert.deepEqual(judgeTraces(traces(40, 0), window, lock), { outcome: 'repaired', traces: 40, symptoms: 0 });
});

test('it is not while some still show it', () => {
  assert.deepEqual(judgeTraces(traces(40, 5), window, lock), { outcome: 'not-repaired', traces: 40, symptoms: 5 });
});

test('without data it is not checked, and never passes', () => {
  for (const count of [0, 5]) {
    const { outcome, reason } = judgeTraces(traces(count, 0), window, lock);
    assert.equal(outcome, 'not-checked');
    assert.equal(reason, `only ${count} traces have arrived, too few to say`);
  }
});

test('traces from before do not count', () => {
  const old = traces(40, 40).map((one) => ({ ...one, startMs: one.startMs - 60_000 }));
  assert.equal(judgeTraces(old, window, lock).traces, 0);
});
