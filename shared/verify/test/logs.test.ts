import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { compareLogs } from '../compare/logs.ts';
import { contractOf, faults, outcomes } from './observations.ts';

const contract = contractOf(`
logs:
  - { message: Started, level: INFO, trace: none }
  - { message: Die rolled, level: INFO, fields: { die: [fair, risky], value: any integer } }
  - { message: Stopping, level: INFO, trace: none, fields: { by: [SIGTERM, SIGINT] }, optional: said only at the end }
`);

const time = { timestamp: '2026-01-02T03:04:05.678Z' };
const ids = { trace_id: 'a'.repeat(32), span_id: 'b'.repeat(16) };
const started = { ...time, level: 'INFO', message: 'Started' };
const rolled = { ...time, level: 'INFO', message: 'Die rolled', ...ids, die: 'fair', value: 3 };
const risky = { ...rolled, die: 'risky' };

function faultsOf(...records: (object | string)[]): string[] {
  const lines = records.map((record) => (typeof record === 'string' ? record : JSON.stringify(record)));
  return faults(compareLogs('dice', contract, lines, 'Loki'));
}

suite('log lines compared with their contract', () => {
  test('what need not occur is not checked, and the rest passes', () => {
    const lines = [started, rolled, risky].map((record) => JSON.stringify(record));
    const checks = compareLogs('dice', contract, lines, 'Loki');
    assert.deepEqual(outcomes(checks), {
      'dice log lines': 'passed',
      'dice log Started': 'passed',
      'dice log Die rolled': 'passed',
      'dice log Stopping': 'not checked',
    });
    assert.equal(checks.at(-1)?.reason, 'did not occur (said only at the end)');
  });

  test('of what need not occur no value need be seen, but each that is must be declared', () => {
    const stopping = { ...time, level: 'INFO', message: 'Stopping', by: 'SIGTERM' };
    assert.deepEqual(faultsOf(started, rolled, risky, stopping), []);
    assert.deepEqual(faultsOf(started, rolled, risky, { ...stopping, by: 'SIGHUP' }), [
      'dice log Stopping: field by was "SIGHUP", but "SIGTERM", "SIGINT" is declared',
    ]);
  });

  test('a missing field, a new field and a wrong type are named', () => {
    const { die: _, ...without } = rolled;
    assert.deepEqual(faultsOf(started, rolled, risky, without), ['dice log Die rolled: lacks the field die']);
    assert.deepEqual(faultsOf(started, rolled, { ...risky, luck: 'bad' }), [
      'dice log Die rolled: has the undeclared field luck ("bad")',
    ]);
    assert.deepEqual(faultsOf(started, rolled, { ...risky, value: '3' }), [
      'dice log Die rolled: field value was "3", but any integer is declared',
    ]);
  });

  test('each declared value must be seen', () => {
    assert.deepEqual(faultsOf(started, rolled), ['dice log Die rolled: field die never had the value "risky"']);
  });

  test('a line of a request needs valid ids, and one outside must have none', () => {
    assert.deepEqual(faultsOf({ ...started, ...ids }, rolled, { ...risky, trace_id: '0'.repeat(32) }), [
      'dice log Started: has a trace_id or span_id, but none is declared',
      `dice log Die rolled: field trace_id is not a valid id: "${'0'.repeat(32)}"`,
    ]);
    assert.deepEqual(faultsOf(started, rolled, { ...risky, span_id: undefined }), [
      'dice log Die rolled: lacks the field span_id',
    ]);
  });

  test('a changed level and a message that nobody declared fail', () => {
    assert.deepEqual(faultsOf({ ...started, level: 'ERROR' }, rolled, risky, { ...started, message: 'Hello' }), [
      'dice log Started: level was "ERROR", but "INFO" is declared',
      'dice log "Hello": is not declared',
    ]);
  });

  test('a line that is not one JSON object with a time in UTC is quoted', () => {
    assert.deepEqual(faultsOf(started, rolled, risky, '(node:1) Warning: old', '[1]'), [
      'dice log lines: a line is not one JSON object: (node:1) Warning: old',
      'dice log lines: a line is not one JSON object: [1]',
    ]);
    const [fault] = faultsOf(rolled, risky, { ...started, timestamp: 'yesterday' });
    assert.match(fault!, /^dice log lines: a line has no timestamp in ISO 8601 and UTC: {"timestamp":"yesterday"/);
  });

  test('a message that was never printed fails', () => {
    assert.deepEqual(faultsOf(rolled, risky), ['dice log Started: was never seen']);
  });
});
