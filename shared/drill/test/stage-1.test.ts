import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { prepareStage, type Outcome } from '../../e2e/stage.ts';

const stage = await prepareStage('stage-1');

describe('the drill of stage 1, run natively', () => {
  after(stage.remove);

  test('a stage that does not run is refused, saying how to start it', async () => {
    const { code, output } = await stage.make('drill');

    assert.equal(code, 2);
    assert.match(output, /stage-1 is not running\. Start it: make stage-1 up/);
  });

  describe('once it runs', () => {
    let drill: Outcome;

    before(async () => {
      await stage.make('up');
      drill = await stage.make('drill', { DRILL: '--phase 2' });
    });

    test('nothing fails', () => {
      assert.doesNotMatch(drill.output, /^ {2}failed /m);
      assert.equal(drill.code, 0, drill.output);
    });

    for (const what of [
      "no 5xx except the risky die's own",
      'no new label value, and no new metric',
      'no broken log line',
      'no request failed, apart from',
      'spans of a request made',
      'log lines of a request made',
      'every request in flight was answered',
      'spans of the requests in flight',
      'log lines of the requests in flight',
      'exit code 0',
      'comes back by its restart policy',
      'counters restart from zero at /metrics',
    ]) {
      test(`passed: ${what}`, () => assert.match(drill.output, new RegExp(`^ {2}passed +${what}`, 'm')));
    }

    test('it leaves the stage running', async () => {
      const { output } = await stage.make('status');

      assert.match(output, /dice-roller +ready/);
      assert.doesNotMatch(output, /stopped|restarting|crashed/);
    });

    test('a step that does not exist is refused, naming those that do', async () => {
      const { code, output } = await stage.make('drill', { DRILL: '--only lunch' });

      assert.equal(code, 2);
      assert.match(output, /There is no step lunch\. There are: hostile, collector, sigterm, sigkill\./);
    });
  });
});
