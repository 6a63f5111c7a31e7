import { statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { sourceFiles } from '../plan/fingerprint.ts';
import { stageDirectory } from '../places.ts';
import { Problem } from '../problem.ts';
import { runningState } from './recorded.ts';
import { restartChanged } from './restart-changed.ts';
import { up } from './up.ts';

const pause = 200;

/**
 * Starts a stage, and restarts what changed each time one of its files is saved, until Ctrl-C. The stage keeps running.
 */
export async function dev(stage: string): Promise<void> {
  await up(stage);
  process.once('SIGINT', () => {
    console.log(`\nNo longer watching. ${stage} is still running; stop it: make ${stage} down`);
    process.exit(0);
  });
  const directory = stageDirectory(stage);
  console.log(`\nWatching ${stage}: each save restarts what it changes. Press Ctrl-C to stop.`);
  for (let seen = savedAt(directory); runningState(stage); await sleep(pause)) {
    const now = await settled(directory);
    if (now === seen) continue;
    seen = now;
    await restart(stage);
  }
  console.log(`${stage} was stopped.`);
}

async function restart(stage: string): Promise<void> {
  const state = runningState(stage);
  if (!state) return;
  try {
    for (const line of await restartChanged(state)) console.log(`${new Date().toLocaleTimeString()} ${line}`);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    console.error(`${error.message}\n`);
  }
}

/** A save may be several writes. */
async function settled(directory: string): Promise<string> {
  for (let before = savedAt(directory); ;) {
    await sleep(pause / 2);
    const now = savedAt(directory);
    if (now === before) return now;
    before = now;
  }
}

/** Polled, since watching a folder tree needs a handle for each folder, and some machines have few. */
function savedAt(directory: string): string {
  const files = sourceFiles(directory);
  return files.map((file) => `${file} ${statSync(file, { throwIfNoEntry: false })?.mtimeMs}`).join('\n');
}
