import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { forget, requireRunning, runningState } from '../commands/recorded.ts';
import { repositoryRoot, stageRunDirectory, volumeDirectory } from '../places.ts';
import { recordOf, type ProcessRecord } from '../run/processes.ts';
import { claimState, readState, type State } from '../run/state.ts';
import { plain } from '../watch/plain.ts';

const here = recordOf(process.pid)!;
const ended: ProcessRecord = { ...here, startedAs: 'an earlier process' };

/** Records stage 1 as having started these processes. */
function record(t: TestContext, supervisor: ProcessRecord, service: ProcessRecord): State {
  const folder = mkdtempSync(join(tmpdir(), 'recorded-'));
  process.env.DICE_RUN_DIR = folder;
  t.after(() => {
    rmSync(folder, { recursive: true });
    delete process.env.DICE_RUN_DIR;
  });
  const services = [{ name: 'web', status: 'ready', process: service }];
  const state = {
    stage: 'stage-1',
    directory: join(repositoryRoot, 'stage-1'),
    supervisor,
    services,
  } as unknown as State;
  assert.equal(claimState(state), true);
  assert.equal(claimState(state), false, 'of two that start at once only one does');
  return state;
}

test('a stage runs as long as its supervisor or one of its services does, and no other stage does', (t) => {
  record(t, here, ended);
  assert.equal(requireRunning('stage-1').stage, 'stage-1');
  assert.equal(runningState('stage-2'), undefined);
  assert.throws(() => requireRunning('stage-2'), { message: 'stage-2 is not running. Start it: make stage-2 up' });
  record(t, ended, ended);
  assert.equal(runningState('stage-1'), undefined);
});

test('what a stage wrote is forgotten with it, and its volumes are kept', (t) => {
  const state = record(t, ended, ended);
  const [run, volume] = [stageRunDirectory('stage-1'), volumeDirectory('stage-1', 'data')];
  for (const folder of [run, volume]) mkdirSync(folder, { recursive: true });
  forget(state);
  assert.deepEqual([readState(), existsSync(run), existsSync(volume)], [undefined, false, true]);
});

test('a line from outside cannot move the cursor, forge another line, or turn what follows around', () => {
  assert.equal(plain('a\tb ü 🎲'), 'a\tb ü 🎲');
  assert.equal(plain('\u001b[2Ja\nb\rc\u009bd\u202ee\u0000'), '�[2Ja�b�c�d�e�');
});
