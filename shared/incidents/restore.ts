import { runningState } from '../runtime/commands/recorded.ts';
import type { Incident } from './incident.ts';
import type { Scene } from './scene/scene.ts';

/** Restores a stage: from any process, after a crash too, as often as needed. A stage that has ended needs nothing. */
export async function restoreStage(scene: Scene, incident: Incident, stage: string): Promise<void> {
  if (scene.stage.how === 'native' && runningState(stage)?.phase !== 'ready') return;
  await scene.restore();
  await incident.restore?.(scene);
}
