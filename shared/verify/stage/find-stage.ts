import { runningState } from '../../runtime/commands/recorded.ts';
import { stageDirectory } from '../../runtime/places.ts';
import { dockerStage } from './docker-stage.ts';
import { nativeStage } from './native-stage.ts';
import { runChild } from './run-child.ts';
import type { RunningStage } from './running-stage.ts';

/**
 * Finds the stage where it runs.
 * @param how else natively if a native run of it is recorded, or if no Docker engine answers
 * @throws Problem when it does not run
 */
export async function runningStage(stage: string, how?: 'docker' | 'native'): Promise<RunningStage> {
  const directory = stageDirectory(stage);
  const native = how ? how === 'native' : runningState(stage) !== undefined || !(await dockerAnswers());
  return native ? nativeStage(stage) : dockerStage(stage, directory);
}

function dockerAnswers(): Promise<boolean> {
  const asked = runChild('docker', ['info'], { directory: '/', patience: 30_000 });
  return asked.then(
    () => true,
    () => false,
  );
}
