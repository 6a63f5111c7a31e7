import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseContract } from '../../verify/contract/contract.ts';
import { telemetryTable } from '../pages/telemetry-table.ts';

const before = parseContract(`services:
  dice:
    metrics:
      rolls_total: { type: counter, labels: { die: [fair] } }
      old_total: { type: counter }
    logs: [{ message: Rolled, level: INFO }]
    spans:
      - { name: GET /roll, kind: server, parent: none, attributes: { die.type: fair } }
`);

const after = parseContract(`services:
  dice:
    metrics:
      rolls_total: { type: counter, labels: { die: [fair, risky] } }
    logs: [{ message: Rolled, level: INFO }, { message: Failed, level: ERROR }]
    spans:
      - { name: GET /roll, kind: server, parent: web GET, attributes: { die.type: fair } }
      - { name: GET /roll, when: it failed, kind: server, parent: web GET, status: error }
  web:
    spans: [{ name: GET, kind: client, parent: none }]
    usage: [{ message: Usage, level: INFO }]
`);

test('the difference of two contracts names what is added, changed in what, and removed', () => {
  assert.deepEqual(telemetryTable(before, after).split('\n').slice(2), [
    '| dice | metrics |  | `rolls_total` (labels) | `old_total` |',
    '| dice | spans |  | `GET /roll` (parent, cases) |  |',
    '| dice | log events | `Failed` |  |  |',
    '| web | spans | `GET` |  |  |',
    '| web | usage events | `Usage` |  |  |',
  ]);
});

test('what need not be seen does not change what is emitted', () => {
  const relaxed = structuredClone(before);
  relaxed.services.dice!.logs[0]!.optional = 'said only at the end';
  assert.equal(telemetryTable(before, relaxed), 'This step changes no metric, span or log event.');
});

test('several forms of one log event that stay as they were are no change', () => {
  const forms = parseContract(`services:
  dice:
    logs:
      - { message: Rolled, level: INFO, fields: { value: 1 } }
      - { message: Rolled, level: INFO, fields: { error: any text } }
`);
  assert.equal(telemetryTable(forms, structuredClone(forms)), 'This step changes no metric, span or log event.');

  const more = structuredClone(forms);
  more.services.dice!.logs.push({ ...forms.services.dice!.logs[0]!, level: 'ERROR' });
  assert.match(telemetryTable(forms, more), /`Rolled` \(cases\)/);
});
