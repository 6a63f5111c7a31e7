import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { compareMetrics, type Metric } from '../compare/metrics.ts';
import { readFamilies } from '../../runtime/exposition/families.ts';
import { metricOf } from '../read/samples.ts';
import { contractOf, faults, outcomes } from './observations.ts';

const contract = contractOf(`
metrics:
  rolls_total:
    type: counter
    labels: { die: [fair, risky], result: [success, error] }
  roll_value:
    type: histogram
    buckets: [1, 2.5]
`);

const rolls = `# TYPE rolls counter
rolls_total{die="fair",result="success"} 3
rolls_total{die="risky",result="error"} 1`;

const values = `# TYPE roll_value histogram
roll_value_bucket{le="1.0"} 1 # {trace_id="0af7"} 0.5 1.5e9
roll_value_bucket{le="2.5"} 2
roll_value_bucket{le="+Inf"} 2
roll_value_sum 3
roll_value_count 2`;

function readExposition(text: string): Metric[] {
  return readFamilies(text).map(metricOf);
}

function faultsOf(exposition: string): string[] {
  return faults(compareMetrics('dice', contract, readExposition(exposition), '/metrics'));
}

suite('metrics compared with their contract', () => {
  test('everything that is declared passes, and nothing else', () => {
    const checks = compareMetrics('dice', contract, readExposition(`${rolls}\n${values}\n# EOF\n`), '/metrics');
    assert.deepEqual(outcomes(checks), { 'dice metric rolls_total': 'passed', 'dice metric roll_value': 'passed' });
  });

  test('a value that was only started at zero was not seen', () => {
    assert.deepEqual(faultsOf(`${rolls.replace('"error"} 1', '"error"} 0')}\n${values}`), [
      'dice metric rolls_total: label die never had the value risky',
      'dice metric rolls_total: label result never had the value error',
    ]);
  });

  test('a renamed label is missing, and its new name is not declared', () => {
    assert.deepEqual(faultsOf(`${rolls.replaceAll('result=', 'outcome=')}\n${values}`), [
      'dice metric rolls_total: has the undeclared label outcome',
      'dice metric rolls_total: lacks the label result',
    ]);
  });

  test('a label value that nobody declared is named', () => {
    assert.deepEqual(faultsOf(`${rolls}\nrolls_total{die="loaded",result="error"} 0\n${values}`), [
      'dice metric rolls_total: label die had the undeclared value "loaded"',
    ]);
  });

  test('the type and the buckets must be the declared ones', () => {
    assert.deepEqual(
      faultsOf(`${rolls.replace('rolls counter', 'rolls_total gauge')}\n${values.replace('le="2.5"', 'le="3"')}`),
      [
        'dice metric rolls_total: is a gauge, but is declared as a counter',
        'dice metric roll_value: has the buckets 1, 3, but 1, 2.5 are declared',
      ],
    );
  });

  test('a metric that never came fails, and one that nobody declared fails too', () => {
    assert.deepEqual(faultsOf(`${rolls}\n# TYPE jokes gauge\njokes 0`), [
      'dice metric roll_value: was never seen',
      'dice metric jokes: is not declared',
    ]);
  });

  test('a counter is found in the older text format, whose type has its whole name', () => {
    assert.deepEqual(faultsOf(`${rolls.replace('TYPE rolls ', 'TYPE rolls_total ')}\n${values}`), []);
  });

  test('a unit that the service gives must be the declared one', () => {
    const wait = contractOf('metrics: { wait_seconds: { type: gauge, unit: seconds } }');
    const given = (unit: string) =>
      readExposition(`# TYPE wait_seconds gauge\n# UNIT wait_seconds ${unit}\nwait_seconds 1`);
    assert.deepEqual(faults(compareMetrics('dice', wait, given('seconds'), '/metrics')), []);
    assert.deepEqual(faults(compareMetrics('dice', wait, given('milliseconds'), '/metrics')), [
      'dice metric wait_seconds: has the unit milliseconds, but seconds is declared',
    ]);
  });
});
