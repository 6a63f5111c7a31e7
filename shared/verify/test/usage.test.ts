import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { pending } from '../compare/fault.ts';
import { compareSeparation, compareUsage } from '../compare/usage.ts';
import { usageReader } from '../read/usage-reader.ts';
import { contractOf, faults, outcomes } from './observations.ts';

const services = {
  dice: contractOf(`
usage:
  - { message: Usage, level: INFO, fields: { usage: true, event: sign-in, user: any text } }
  - { message: Usage, level: INFO, fields: { usage: true, event: run, user: any text, times: any integer } }
`),
};

const ids = { trace_id: 'a'.repeat(32), span_id: 'b'.repeat(16) };
const line = { timestamp: '2026-01-02T03:04:05.678Z', level: 'INFO', message: 'Usage', ...ids, usage: true };
const signIn = { ...line, event: 'sign-in', user: 'Ada' };
const run = { ...line, event: 'run', user: 'Ada', times: 3 };

const recordsOf = (...lines: object[]) => lines.map((each) => ({ line: JSON.stringify(each), timeMs: 0 }));

const faultsOf = (...lines: object[]) => faults(compareUsage(services, recordsOf(...lines), 'usage file'));

suite('usage records compared with their contract', () => {
  test('everything that is declared passes, and nothing else', () => {
    assert.deepEqual(outcomes(compareUsage(services, recordsOf(signIn, run), 'usage file')), {
      'dice usage and nothing else': 'passed',
      'dice usage lines': 'passed',
      'dice usage sign-in': 'passed',
      'dice usage run': 'passed',
    });
  });

  test('an event that never came, a new field and a wrong type are named', () => {
    assert.deepEqual(faultsOf(signIn), ['dice usage run: was never seen']);
    assert.deepEqual(faultsOf(signIn, { ...run, luck: 1 }), ['dice usage run: has the undeclared field luck (1)']);
    assert.deepEqual(faultsOf(signIn, { ...run, times: '3' }), [
      'dice usage run: field times was "3", but any integer is declared',
    ]);
  });

  test('an ordinary line among them fails', () => {
    const [fault, ...others] = faultsOf(signIn, run, { ...line, message: 'Rolled', usage: 'true' });
    assert.match(fault!, /^dice usage and nothing else: 1 ordinary lines are in the usage file, such as .*Rolled/);
    assert.deepEqual(others, []);
  });

  test('those that no service declares fail', () => {
    const checks = compareUsage({ other: contractOf('{}') }, recordsOf(signIn), 'usage file');
    assert.ok(faults(checks).includes('usage "Usage": is not declared'));
  });

  test('of an earlier life of the stage are passed over', async () => {
    const lines = [999, 1000].map((time) => JSON.stringify({ timestamp: new Date(time), usage: true }));
    const seen = await usageReader(async () => [[...lines, 'no JSON', ''].join('\n')], 1000).read();
    assert.deepEqual(seen, [
      { line: lines[1], timeMs: 1000 },
      { line: 'no JSON', timeMs: NaN },
    ]);
  });
});

suite('the logs of a service that tracks usage', () => {
  test('may mention usage, but hold no usage record', () => {
    const told = JSON.stringify({ ...line, usage: 'true', body: '"usage":true' });
    assert.deepEqual(faults([compareSeparation('dice', [told], 'Loki')]), []);
    assert.deepEqual(faults([compareSeparation('dice', [told, JSON.stringify(signIn)], 'Loki')]), [
      `dice logs without usage: 1 usage records are among the application logs, such as ${JSON.stringify(signIn).slice(0, 200)}`,
    ]);
  });

  test('must have come for that to be known', () => {
    const check = compareSeparation('dice', [], 'Loki');
    assert.equal(check.outcome, 'failed');
    assert.deepEqual(check.faults, [pending('nothing-came', {})]);
  });
});
