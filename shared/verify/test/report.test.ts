import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { convert } from 'xmlbuilder2';
import { judged, notChecked, undeclared } from '../compare/check.ts';
import { fault } from '../compare/fault.ts';
import { junit } from '../report/junit.ts';
import { summary } from '../report/summary.ts';
import { resultTable } from '../report/table.ts';

const metric = (name: string) => ({
  ...{ area: 'metrics' as const, service: 'dice', name, subject: `dice metric ${name}`, source: '/metrics' },
});
const passed = judged(metric('rolls'), [], '');
const skipped = notChecked(
  { area: 'panels', name: 'Logs', subject: 'panel Logs, A', source: 'Loki' },
  'loki is not on this machine',
);
const failed = undeclared(metric('a_metric_with_a_name_that_is_much_longer_than_its_column_of_the_table'));

suite('the report', () => {
  test('fits a hundred columns, with a column for what was not checked', () => {
    const lines = stripVTControlCharacters(resultTable([passed, failed, skipped])).split('\n');
    assert.ok(lines.every((line) => line.length <= 100));
    assert.ok(lines.some((line) => /^dice metric rolls\s+\/metrics\s+seen$/.test(line)));
    assert.match(lines.at(-1)!, /^\s+1\s+1\s+1$/);
  });

  test('says of a failure what to do, and of what was not checked why', () => {
    const text = stripVTControlCharacters(summary('stage-1', [passed, failed, skipped]));
    assert.match(text, /table: is not declared \(in \/metrics\)\n    → Declare it in telemetry\.yaml/);
    assert.match(text, /panel Logs, A: loki is not on this machine/);
    assert.match(text, /stage-1 does not match its telemetry\.yaml: 1 failed\.$/);
  });

  test('never counts what was not checked as kept', () => {
    assert.match(summary('stage-1', [passed]), /stage-1: every check passed\./);
    assert.match(summary('stage-1', [passed, skipped]), /stage-1: every check that could run passed; 1 not checked\./);
  });

  test('is JUnit for machines, where what was not checked is skipped with its reason', () => {
    const xml = junit('stage-1', [
      passed,
      failed,
      skipped,
      judged(metric('odd\u0000'), [fault('unreadable', { reason: '<b>&' })], 'Mend it.'),
    ]);
    const { testsuites } = convert(xml, { format: 'object' }) as Record<string, any>;
    assert.deepEqual([testsuites['@tests'], testsuites['@failures'], testsuites['@skipped']], ['4', '2', '1']);
    const [metrics, panels] = testsuites.testsuite;
    assert.equal(panels.testcase.skipped['@message'], 'loki is not on this machine');
    assert.equal(metrics.testcase.length, 3);
    assert.match(xml, /<failure message="dice metric odd\?: could not be read: &lt;b&gt;&amp; \(in \/metrics\)">/);
  });
});
