import { setTimeout as sleep } from 'node:timers/promises';
import { stageDirectory } from '../runtime/places.ts';
import { Problem } from '../runtime/problem.ts';
import { isAlive, type ProcessRecord } from '../runtime/run/processes.ts';
import { runningState } from '../runtime/commands/recorded.ts';
import type { Incident } from './incident.ts';
import { beganAt, incidentOf, readSealed, removeSealed, type Sealed } from './record.ts';
import { restoreStage } from './restore.ts';
import { startStopped } from './scene/native-scene.ts';
import { openScene } from './scene/open-scene.ts';

/** What it was, for the person who ended it. */
export interface Ended {
  incident: Incident;
  /** Milliseconds since 1970. */
  began?: number;
}

const patience = 60_000;

/**
 * Ends the incident of a stage and restores the stage, even if the process behind the incident was killed.
 * @returns nothing where there was none
 */
export async function end(name: string): Promise<Ended | undefined> {
  const sealed = sealedOf(name);
  if (!sealed) return undefined;
  const incident = incidentOf(sealed);
  const began = beganAt(sealed);
  await endKeeper(sealed.keeper);
  // It was killed, or has crashed.
  if (readSealed()) await restoreLeftBehind(name, sealed, incident);
  return { incident, ...(began !== undefined && { began }) };
}

/** @throws Problem naming the stage that has one, if it is another */
export function sealedOf(name: string): Sealed | undefined {
  const sealed = readSealed();
  if (sealed && sealed.directory !== stageDirectory(name))
    throw new Problem(
      `The incident is in ${sealed.stage}, not in ${name}. End it: make ${sealed.stage} incident END=1`,
    );
  return sealed;
}

async function endKeeper(keeper: ProcessRecord): Promise<void> {
  if (!isAlive(keeper)) return;
  process.kill(keeper.pid, 'SIGTERM');
  const deadline = Date.now() + patience;
  while (isAlive(keeper) && Date.now() < deadline) await sleep(50);
  if (isAlive(keeper)) process.kill(keeper.pid, 'SIGKILL');
}

async function restoreLeftBehind(name: string, { runtime }: Sealed, incident: Incident): Promise<void> {
  if (runtime === 'docker' || runningState(name)?.phase === 'ready') {
    if (runtime === 'native') await startStopped(name);
    const scene = await openScene(name, runtime);
    await restoreStage(scene, incident, name).finally(() => scene.close());
  }
  removeSealed();
}
