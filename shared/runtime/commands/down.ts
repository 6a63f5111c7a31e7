import { readdirSync, rmSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stageDirectory, stageRunDirectory, volumeDirectory } from '../places.ts';
import { endGroup, isAlive } from '../run/processes.ts';
import { livingServices, readState, type State } from '../run/state.ts';
import { forget } from './recorded.ts';

/** Stops everything that is left of a stage, and says what it stopped. */
export async function down(stage: string): Promise<void> {
  const directory = stageDirectory(stage);
  const state = readState();
  if (!state || state.directory !== directory) {
    if (!state) rmSync(stageRunDirectory(basename(directory)), { recursive: true, force: true });
    return console.log(`${stage} is not running${state ? `; ${state.stage} is` : ''}.`);
  }
  const running = livingServices(state).map(({ name, process }) => `  ${name} (pid ${process.pid})`);
  if (state.receiver && isAlive(state.supervisor)) running.push('  receiver');
  await endSupervisor(state);
  // A supervisor that was killed, or that hung, leaves its services running.
  const left = livingServices(readState() ?? state);
  await Promise.all(left.map(({ process, stopGrace }) => endGroup(process, stopGrace)));
  forget(state);
  console.log(
    running.length > 0 ? [`${stage} was stopped:`, ...running].join('\n') : `${stage} was no longer running.`,
  );
  const kept = volumes(state.stage);
  if (kept.length > 0) console.log(`Kept: ${kept.join(', ')} (in ${dirname(volumeDirectory(state.stage, 'any'))})`);
}

/** Asks the supervisor to stop the stage, and kills the supervisor if that takes longer than all services may. */
async function endSupervisor({ supervisor, services }: State): Promise<void> {
  if (!isAlive(supervisor)) return;
  process.kill(supervisor.pid, 'SIGTERM');
  const patience = services.reduce((sum, { stopGrace }) => sum + stopGrace, 5000);
  const deadline = Date.now() + patience;
  while (isAlive(supervisor) && Date.now() < deadline) await sleep(50);
  if (isAlive(supervisor)) process.kill(supervisor.pid, 'SIGKILL');
}

function volumes(stage: string): string[] {
  try {
    return readdirSync(dirname(volumeDirectory(stage, 'any'))).sort();
  } catch {
    return [];
  }
}
