import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Check } from '../../verify/compare/check.ts';
import { fault, pending } from '../../verify/compare/fault.ts';
import { wrongs } from '../telemetry/faults.ts';

test('what is wrong counts, even next to what was merely not seen', () => {
  const check: Omit<Check, 'faults'> = {
    ...{ area: 'metrics', name: 'a_metric', subject: 'a metric', source: '/metrics' },
    ...{ outcome: 'failed', result: 'wrong' },
  };
  const unseen = pending('unseen-label-value', { label: 'method', value: 'POST' });
  const wrong = fault('undeclared-label-value', { label: 'method', value: 'FOO' });
  assert.deepEqual(wrongs([{ ...check, faults: [unseen] }]), []);
  assert.deepEqual(wrongs([{ ...check, faults: [unseen, wrong] }]), [
    'a metric: label method had the undeclared value "FOO" (in /metrics)',
  ]);
});
