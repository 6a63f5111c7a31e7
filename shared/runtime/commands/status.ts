import { runningState } from './recorded.ts';
import { stageTable } from './stage-table.ts';

/** Prints what is running of a stage. */
export function status(stage: string): void {
  const state = runningState(stage);
  if (!state) return console.log(`${stage} is not running. Start it: make ${stage} up`);
  console.log(`${stage}: ${state.phase === 'ready' ? 'running' : state.phase}\n\n${stageTable(state)}`);
}
