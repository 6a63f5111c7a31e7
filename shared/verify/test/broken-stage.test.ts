import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { findBinary } from '../../runtime/plan/find-binary.ts';
import { copyFirstStage } from './verified-copy.ts';

const prometheus = findBinary(['prometheus']);
const withoutPrometheus = prometheus ? false : 'not checked: prometheus is not on this machine';

/** Enough for what comes from files and from the built-in receiver, in seconds. */
const short = 3;

suite('verify, on copies of stage 1', { concurrency: 2 }, () => {
  test('finds nothing wrong with the unchanged stage, and says what it could not check', async (t) => {
    const stage = await copyFirstStage(t);
    await stage.up();
    const { code, output, failed } = await stage.verify(short);
    assert.deepEqual(failed, []);
    assert.equal(code, 0);
    assert.match(output, /panel Recent Logs, A; panel Error Logs, A; and \d+ more: loki is not on this machine/);
    assert.match(output, /stage-1: every check that could run passed; \d+ not checked\./);
    // What an earlier run left is no fault either.
    assert.equal((await stage.verify(short)).code, 0);
  });

  // One stage for all of these, since none hides another: each is named, and nothing else is.
  test('names a renamed label, a missing log field, an undeclared metric, and /healthz when it is traced', async (t) => {
    const stage = await copyFirstStage(t);
    stage.edit('dice-roller/src/metrics.ts', "'die_type', 'result'", "'die_type', 'outcome'");
    stage.edit('dice-roller/src/metrics.ts', 'die_type, result:', 'die_type, outcome:');
    stage.edit('dice-roller/src/app.ts', 'die.type, result:', 'die.type, outcome:');
    stage.edit('dice-roller/src/app.ts', '{ die_type: die.type, roll_value: value }', '{ die_type: die.type }');
    const line = "new Counter({ name: 'dice_jokes_total', help: 'Jokes' });";
    stage.edit('dice-roller/src/metrics.ts', 'export const httpMetrics', `${line}\nexport const httpMetrics`);
    stage.edit('dice-roller/src/instrumentation.ts', '(healthz|metrics)', '(metrics)');
    await stage.up();
    const { code, output, failed } = await stage.verify(short);
    assert.equal(code, 1);
    assert.deepEqual(failed, [
      'dice-roller metric dice_rolls_total (/metrics)',
      'dice-roller metric dice_jokes_total (/metrics)',
      'request GET dice-roller /healthz (receiver)',
      'dice-roller requests, all in that time (receiver)',
      'dice-roller log Die rolled (log file)',
      'dice-roller server span GET /healthz (receiver)',
    ]);
    assert.match(output, /dice-roller metric dice_rolls_total: lacks the label result/);
    assert.match(output, /dice-roller metric dice_rolls_total: has the undeclared label outcome/);
    assert.match(output, /dice-roller log Die rolled: lacks the field roll_value/);
    assert.match(output, /dice-roller metric dice_jokes_total: is not declared/);
    assert.match(output, /request GET dice-roller \/healthz: left 1 span but should leave none/);
  });

  // One stage for both: http.route is in spans, and panels ask Prometheus.
  test('names http.route when Express is not seen, and the queries of panels that are wrong', async (t) => {
    const stage = await copyFirstStage(t, prometheus ? [prometheus] : []);
    stage.edit('dice-roller/src/instrumentation.ts', "register({ include: ['express'] });", '');
    stage.edit(
      'dice-roller/src/instrumentation.ts',
      "import { register } from 'import-in-the-middle/register-hooks.mjs';",
      '',
    );
    const dashboard = 'observability/grafana/dashboards/dice-roller.json';
    stage.edit(dashboard, 'sum by (die_type) (dice_rolls_total)', 'sum by (die_type) (dice_rolled_total)');
    stage.edit(dashboard, 'rate(http_requests_total{job=\\"dice-roller\\"}[1m])', 'rate(http_requests_total[1m]');
    stage.edit('observability/prometheus.yaml', 'scrape_interval: 5s', 'scrape_interval: 1s');
    await stage.up();
    const { code, output, failed } = await stage.verify(prometheus ? 10 : short);
    assert.equal(code, 1);
    assert.ok(failed.includes('dice-roller server span GET /roll (the die was rolled) (receiver)'));
    assert.match(
      output,
      /span GET \/roll \(the die was rolled\): was never seen; the nearest .* lacks the attribute http\.route/,
    );

    await t.test('which Prometheus answers', { skip: withoutPrometheus }, () => {
      assert.deepEqual(
        failed.filter((name) => !name.endsWith('(receiver)')),
        ['panel Request Rate, A (Prometheus)', 'panel Rolls by Die Type, A (Prometheus)'],
      );
      assert.match(output, /panel Rolls by Die Type, A: is valid, but shows nothing: .*dice_rolled_total/);
      assert.match(output, /panel Request Rate, A: was refused: .*parse error/);
    });
  });

  test('says how to start a stage that does not run', async (t) => {
    const stage = await copyFirstStage(t);
    const { code, output } = await stage.verify(short);
    assert.equal(code, 2);
    assert.match(output, /is not running\. Start it: make /);
  });
});
