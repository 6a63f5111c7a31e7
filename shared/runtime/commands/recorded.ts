import { rmSync } from 'node:fs';
import { stageDirectory, stageRunDirectory } from '../places.ts';
import { Problem } from '../problem.ts';
import { isRunning, readState, removeState, type State } from '../run/state.ts';

/** The recorded stage if it is the named one and something of it runs. */
export function runningState(stage: string): State | undefined {
  const directory = stageDirectory(stage);
  const state = readState();
  return state?.directory === directory && isRunning(state) ? state : undefined;
}

/**
 * The same, for commands that need it.
 * @throws Problem saying how to start it
 */
export function requireRunning(stage: string): State {
  const state = runningState(stage);
  if (!state) throw new Problem(`${stage} is not running. Start it: make ${stage} up`);
  return state;
}

/** Forgets a stage that no longer has anything running. Named volumes stay. */
export function forget(state: State): void {
  rmSync(stageRunDirectory(state.stage), { recursive: true, force: true });
  removeState();
}
