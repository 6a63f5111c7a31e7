import { runningStage } from '../../verify/stage/find-stage.ts';
import { dockerScene } from './docker-scene.ts';
import { nativeScene } from './native-scene.ts';
import type { Scene } from './scene.ts';

/**
 * Opens a running stage to disturb it; nothing happens to it yet.
 * @throws Problem when it is not running
 */
export async function openScene(name: string, runtime?: 'docker' | 'native'): Promise<Scene> {
  const stage = await runningStage(name, runtime);
  return stage.how === 'Docker' ? dockerScene(stage) : nativeScene(name);
}
