import { existsSync, readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { Problem } from './problem.ts';

export const repositoryRoot = resolve(import.meta.dirname, '../..');

/** Where state, logs and volumes live: `.run/` at the repository root, or `DICE_RUN_DIR` (tests). */
export function runDirectory(): string {
  return resolve(process.env.DICE_RUN_DIR || join(repositoryRoot, '.run'));
}

/** Where `make back-ends` puts what it fetches: `back-ends/` beside the state, or `DICE_BACK_ENDS`. */
export function backEndsDirectory(): string {
  return resolve(process.env.DICE_BACK_ENDS || join(runDirectory(), 'back-ends'));
}

/** The state file; it exists exactly while a stage is recorded as running. */
export function stateFile(): string {
  return join(runDirectory(), 'state.json');
}

/** What one run of a stage writes: plan, copies of configuration, logs. `down` removes it. */
export function stageRunDirectory(stage: string): string {
  return join(runDirectory(), stage);
}

/** Named volumes outlive `down`. */
export function volumeDirectory(stage: string, volume: string): string {
  return join(runDirectory(), 'volumes', stage, volume);
}

/**
 * The folder of a stage: `stage-3` is the one in this repository, anything else a path to a folder with a compose.yaml.
 * @throws Problem naming the stages that exist
 */
export function stageDirectory(stage: string): string {
  const directory = /^stage-\d+$/.test(stage) ? join(repositoryRoot, stage) : resolve(stage);
  if (existsSync(join(directory, 'compose.yaml'))) return directory;
  const stages = readdirSync(repositoryRoot).filter((name) => existsSync(join(repositoryRoot, name, 'compose.yaml')));
  throw new Problem(`There is no ${basename(stage)}. Stages: ${stages.sort().join(', ')}.`);
}
