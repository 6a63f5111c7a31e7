import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunningStage } from '../../verify/stage/running-stage.ts';
import { careful, type Control } from '../control/control.ts';
import { runDrill } from '../drill.ts';
import { judge, type Step } from '../step.ts';

/** A control of services that exist in this set alone. */
function control(running: Set<string>): Control {
  return {
    stop: async (service) => void running.delete(service),
    start: async (service) => void running.add(service),
    kill: async (service) => void running.delete(service),
    pause: async (service) => void running.delete(service),
    unpause: async (service) => void running.add(service),
    look: async (service) => ({ running: running.has(service), id: service }),
    memory: async () => undefined,
  };
}

function step(run: Step['run'], needs: string[] = []): Step {
  return { name: 'test', title: 'A test', needs, run };
}

const settings = { requests: 1, seed: 'test', phase: 1 };
const stage = {} as RunningStage;

async function drill(running: Set<string>, steps: Step[], signal = new AbortController().signal) {
  const printed: string[] = [];
  const print = (text: string): void => void printed.push(text);
  const findings = await runDrill({ stage, control: control(running), settings, signal }, steps, print);
  return { findings, text: printed.join('\n') };
}

test('a step that fails in its middle is a failure, and what it stopped runs again for the next', async () => {
  const running = new Set(['a', 'b']);
  const breaking = step(async ({ control: { stop, kill } }) => {
    await stop('a');
    await kill('b');
    throw new Error('it broke');
  });
  const looking = step(async ({ control: { look } }) => [judge((await look('a')).running, 'a runs', 'yes')]);
  const { findings, text } = await drill(running, [breaking, looking]);
  assert.deepEqual(
    findings.map(({ outcome }) => outcome),
    ['failed', 'passed'],
  );
  assert.match(text, /1 of 2 {2}A test[^]*failed .*it broke[^]*2 of 2/);
  assert.deepEqual(running, new Set(['a', 'b']));
});

test('a step whose service does not run is not checked, and the service is not started', async () => {
  const running = new Set(['a']);
  const { findings } = await drill(running, [step(async () => assert.fail('it ran'), ['a', 'gone'])]);
  assert.deepEqual(findings, [{ outcome: 'not checked', what: 'this step', saw: 'gone is not running' }]);
  assert.deepEqual(running, new Set(['a']));
});

test('an interruption ends the drill once all runs again', async () => {
  const running = new Set(['a']);
  const interruption = new AbortController();
  const interrupted = step(async ({ control: { stop }, signal }) => {
    await stop('a');
    interruption.abort();
    signal.throwIfAborted();
    return [];
  });
  const never = step(async () => assert.fail('it ran'));
  await assert.rejects(drill(running, [interrupted, never], interruption.signal), { name: 'AbortError' });
  assert.deepEqual(running, new Set(['a']));
});

test('what was paused is resumed, however the step ends', async () => {
  const running = new Set(['dice']);
  const freeze = step(async ({ control: { pause } }) => {
    await pause('dice');
    throw new Error('no');
  });
  await drill(running, [freeze]);
  assert.deepEqual([...running], ['dice']);
});

test('what cannot be started again is named, and all else runs again', async () => {
  const running = new Set(['a', 'b', 'c', 'd']);
  const failing = async (): Promise<void> => Promise.reject(new Error('no image'));
  const whole = control(running);
  const cautious = careful({
    ...whole,
    start: (service) => (service === 'a' ? failing() : whole.start(service)),
    unpause: (service) => (service === 'c' ? failing() : whole.unpause(service)),
  });
  for (const service of ['a', 'b']) await cautious.stop(service);
  for (const service of ['c', 'd']) await cautious.pause(service);
  await assert.rejects(cautious.restore(), /^Error: no image\na was stopped and could not be started again: no image$/);
  assert.deepEqual(running, new Set(['b', 'd']));
  await whole.start('a');
  running.delete('d');
  await assert.rejects(cautious.restore(), /^Error: no image$/, 'only the pause is still owed');
  assert.deepEqual(running, new Set(['a', 'b']), 'what was given back once is not owed again');
});
