import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wrongs } from '../telemetry/faults.ts';

test('what is wrong counts, also beside what was only not seen', () => {
  const thing = {
    area: 'metrics',
    subject: 'a metric',
    source: '/metrics',
    outcome: 'failed',
    result: 'wrong',
  } as const;
  const unseen = { text: 'label method never had the value POST', pending: true };
  const wrong = { text: 'label method had the undeclared value "FOO"' };
  assert.deepEqual(wrongs([{ ...thing, faults: [unseen] }]), []);
  assert.deepEqual(wrongs([{ ...thing, faults: [unseen, wrong] }]), [`a metric: ${wrong.text} (in /metrics)`]);
});
