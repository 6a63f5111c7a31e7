import { runningState } from '../../runtime/commands/recorded.ts';
import { stageDirectory } from '../../runtime/places.ts';
import { messageOf, Problem } from '../../runtime/problem.ts';
import { dockerStage } from './docker-stage.ts';
import { nativeStage } from './native-stage.ts';
import type { RunningStage } from './running-stage.ts';

/**
 * Finds the stage where it runs.
 * @param how else natively if a native run of it is recorded, and by Docker if not
 * @throws Problem when it does not run
 */
export async function runningStage(stage: string, how?: 'docker' | 'native'): Promise<RunningStage> {
  const directory = stageDirectory(stage);
  const wanted = how ?? (runningState(stage) ? 'native' : 'docker');
  if (wanted === 'native') return nativeStage(stage);
  try {
    return await dockerStage(stage, directory);
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem(`${stage} is not running here, and Docker cannot be asked: ${messageOf(error)}`);
  }
}
