import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { copySignedStage } from './verified-copy.ts';

/** What comes through the built-in receiver is there after a second, in seconds. */
const short = 3;
const collector = 'observability/otel-collector.yaml';

suite('verify, on a stage that tracks usage', { concurrency: 2 }, () => {
  test('signs in as its contract says, and finds usage records in their own place only', async (t) => {
    const stage = await copySignedStage(t);
    await stage.up();
    const { code, output, failed } = await stage.verify(short);
    assert.deepEqual(failed, []);
    assert.equal(code, 0);
    assert.match(output, /^frontend usage run +usage file +seen$/m);
    assert.match(output, /^frontend logs without usage +receiver +apart$/m);
  });

  test('says that usage records are among the application logs when nothing routes them elsewhere', async (t) => {
    const stage = await copySignedStage(t);
    stage.edit(collector, 'exporters: [routing/usage]', 'exporters: [otlp_http/loki]');
    await stage.up();
    const { code, output, failed } = await stage.verify(short);
    assert.equal(code, 1);
    assert.deepEqual(failed, ['all usage (usage file)', 'frontend logs without usage (receiver)']);
    assert.match(output, /2 usage records are among the application logs, such as .*"event":"run","user":"Ada"/);
    assert.match(output, /all usage: has no separate file/);
  });
});
