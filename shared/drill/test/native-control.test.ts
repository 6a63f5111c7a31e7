import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { repositoryRoot } from '../../runtime/places.ts';
import { recordOf } from '../../runtime/run/processes.ts';
import { claimState, type State } from '../../runtime/run/state.ts';
import { nativeControl } from '../control/native-control.ts';

const here = recordOf(process.pid)!;

/** Records stage 1 as running in this process, with these services. */
function record(t: TestContext, services: object[], more: Partial<State> = {}): void {
  const folder = mkdtempSync(join(tmpdir(), 'control-'));
  process.env.DICE_RUN_DIR = folder;
  t.after(() => {
    rmSync(folder, { recursive: true });
    delete process.env.DICE_RUN_DIR;
  });
  const directory = join(repositoryRoot, 'stage-1');
  claimState({ stage: 'stage-1', directory, phase: 'starting', supervisor: here, services, ...more } as State);
}

const control = nativeControl('stage-1');

test('a service is known by its process, and another process is another life of it', async (t) => {
  record(t, [
    { name: 'dice-roller', status: 'ready', process: here, ended: 'was ended by SIGKILL' },
    { name: 'loki', status: 'stopped', ended: 'ended with exit code 0' },
  ]);
  const running = { running: true, id: here.startedAs, ended: 'was ended by SIGKILL' };
  assert.deepEqual(await control.look('dice-roller'), running);
  assert.deepEqual(await control.look('loki'), { running: false, id: 'stopped', ended: 'ended with exit code 0' });
  assert.deepEqual(await control.look('unknown'), { running: false, id: 'unknown' });
});

test('the receiver runs as the collector, unless it was stopped, and nothing else is replaced', async (t) => {
  const missing = ['otel-collector', 'tempo'].map((name) => ({ name, status: 'missing' }));
  const runningOf = async (more: Partial<State>) => {
    record(t, missing, more);
    const lives = [await control.look('otel-collector'), await control.look('tempo')];
    return lives.map(({ running }) => running);
  };
  const receiver = 'http://127.0.0.1:4318';
  assert.deepEqual(await runningOf({ receiver }), [true, false]);
  assert.deepEqual(await runningOf({ receiver, receiverStatus: 'stopped' }), [false, false]);
  assert.deepEqual(await runningOf({}), [false, false]);
});

test('an order waits until the stage is ready, and nothing is ordered of a stage that does not run', async (t) => {
  record(t, [{ name: 'dice-roller', status: 'starting', process: here }]);
  await assert.rejects(async () => control.stop('dice-roller'), /stage-1 is starting\. Try again when it is ready/);
  await assert.rejects(async () => nativeControl('stage-2').stop('dice-roller'), /stage-2 is not running\. Start it/);
});
