import { setTimeout as sleep } from 'node:timers/promises';
import { recordOf } from '../runtime/run/processes.ts';
import { runningState } from '../runtime/commands/recorded.ts';
import { catalogue } from './catalogue.ts';
import { removeSealed, sealIncident, writeSealed } from './record.ts';
import { openScene } from './scene/open-scene.ts';
import { aborted, pause } from './scene/pause.ts';
import type { Scene } from './scene/scene.ts';
import { simulateUsers } from './users.ts';
import { restoreStage } from './restore.ts';

/** What a keeper is asked to do. */
export interface Order {
  /** As on the command line. */
  stage: string;
  runtime?: 'docker' | 'native';
  /** The incident's name. */
  incident: string;
  /** Milliseconds of ordinary traffic before it. */
  lead: number;
  seed: string;
}

/**
 * Prepares a stage, lets users roll dice, starts the incident after a while, and restores the stage when the signal is
 * given or the stage ends.
 * @param tellReady is called when the stage is prepared
 */
export async function keep(order: Order, stop: AbortController, tellReady: () => void): Promise<void> {
  const { signal } = stop;
  const incident = catalogue.find(({ name }) => name === order.incident)!;
  const scene = await openScene(order.stage, order.runtime);
  writeSealed(sealIncident(openPart(scene), { ...order, incident, began: Date.now() + order.lead }));
  try {
    await scene.prepare();
    // Ctrl-C, before anything has begun.
    if (signal.aborted) return;
    const began = Date.now() + order.lead;
    writeSealed(sealIncident(openPart(scene), { ...order, incident, began }));
    tellReady();
    const users = simulateUsers(scene.stage, { count: 3, seed: order.seed }, signal);
    if (scene.stage.how === 'native') void stopWithStage(order.stage, stop);
    await pause(began - Date.now(), signal);
    if (!signal.aborted) await incident.run(scene, signal);
    await aborted(signal);
    await users;
  } finally {
    await restoreStage(scene, incident, order.stage).finally(() => scene.close());
    removeSealed();
  }
}

function openPart({ stage }: Scene): Parameters<typeof sealIncident>[0] {
  return {
    ...{ stage: stage.name, directory: stage.directory, asked: Date.now() },
    runtime: stage.how === 'Docker' ? 'docker' : 'native',
    keeper: recordOf(process.pid)!,
  };
}

async function stopWithStage(stage: string, stop: AbortController): Promise<void> {
  while (!stop.signal.aborted && runningState(stage)?.phase === 'ready') await sleep(500);
  stop.abort();
}
