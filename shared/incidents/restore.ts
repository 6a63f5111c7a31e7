import { runningState } from '../runtime/commands/recorded.ts';
import type { Incident } from './incident.ts';
import type { Scene } from './scene/scene.ts';

/** Puts a stage right again: from any process, after a crash too, however often. A stage that has ended is right. */
export async function restoreStage(scene: Scene, incident: Incident, stage: string): Promise<void> {
  if (scene.stage.how === 'native' && runningState(stage)?.phase !== 'ready') return;
  await scene.restore();
  await incident.restore?.(scene);
}
