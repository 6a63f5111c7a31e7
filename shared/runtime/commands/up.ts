import { mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawn, type ChildProcess } from 'node:child_process';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { repositoryRoot, stageDirectory, stageRunDirectory } from '../places.ts';
import { refuseTakenPorts } from '../plan/free-ports.ts';
import { makePlan } from '../plan/make-plan.ts';
import type { Plan } from '../plan/plan.ts';
import { Problem } from '../problem.ts';
import { buildIfChanged } from '../run/build.ts';
import { isAlive, recordOf } from '../run/processes.ts';
import { logDirectory } from '../run/log-files.ts';
import { claimState, isRunning, readState, removeState, type State } from '../run/state.ts';
import { forget } from './recorded.ts';
import { restartChanged } from './restart-changed.ts';
import { stageTable } from './stage-table.ts';

/**
 * Starts a stage and returns when all of it is ready. If it is already running, restarts what has changed.
 * @throws Problem for a port that is taken, another stage that runs, or a service that fails, with its last lines
 */
export async function up(stage: string): Promise<void> {
  const directory = stageDirectory(stage);
  const recorded = readState();
  if (recorded && isRunning(recorded)) {
    refuseOther(recorded, directory);
    if (recorded.phase === 'ready') return refresh(recorded);
    return announce(await untilReady(recorded.stage, () => isAlive(recorded.supervisor)));
  }
  if (recorded) forget(recorded);
  const { plan, wanted } = await makePlan(directory);
  await refuseTakenPorts(wanted);
  for (const service of plan.services) if (service.kind === 'own') await buildIfChanged(service);
  await start(plan);
}

async function refresh(recorded: State): Promise<void> {
  const restarted = await restartChanged(recorded);
  const news =
    restarted.length > 0 ? restarted.join('\n') : `${recorded.stage} is already running, and nothing has changed.`;
  console.log(`${news}\n\n${stageTable(readState() ?? recorded)}\n`);
}

function refuseOther(recorded: State, directory: string): void {
  const { stage } = recorded;
  if (recorded.directory !== directory) {
    throw new Problem(`${stage} is running, and one stage runs at a time. Stop it first: make ${stage} down`);
  }
  if (!isAlive(recorded.supervisor)) {
    throw new Problem(
      `${stage} has lost its supervisor, but its services are running. Stop them first: make ${stage} down`,
    );
  }
  if (recorded.phase === 'stopping') throw new Problem(`${stage} is being stopped. Try again when it has stopped.`);
}

async function start(plan: Plan): Promise<void> {
  const { stage, directory, ports } = plan;
  const claimed = claimState({
    stage,
    directory,
    ports,
    phase: 'starting',
    supervisor: recordOf(process.pid)!,
    services: [],
    frame: '',
  });
  if (!claimed) throw new Problem('Another stage was started at the same moment. Try again.');
  rmSync(stageRunDirectory(stage), { recursive: true, force: true });
  const supervisor = startSupervisor(plan);
  const interrupt = (): void => {
    supervisor.once('exit', () => {
      const state = readState();
      if (state) forget(state);
      process.exit(130);
    });
    supervisor.kill('SIGTERM');
  };
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const state = await untilReady(stage, () => supervisor.exitCode === null && supervisor.signalCode === null);
  supervisor.unref();
  announce(state);
}

/** In its own session, sharing only a terminal with the caller, so that neither keeps the other alive. */
function startSupervisor(plan: Plan): ChildProcess {
  mkdirSync(logDirectory(plan.stage), { recursive: true });
  const planFile = join(stageRunDirectory(plan.stage), 'plan.json');
  writeFileSync(planFile, JSON.stringify(plan), { mode: 0o600 });
  const output = openSync(supervisorLog(plan.stage), 'a');
  const program = join(import.meta.dirname, '../run/supervisor.ts');
  return spawn(process.execPath, [...process.execArgv, program, planFile], {
    cwd: repositoryRoot,
    detached: true,
    stdio: ['ignore', output, output, process.stderr.isTTY ? 2 : 'ignore'],
  });
}

function supervisorLog(stage: string): string {
  return join(stageRunDirectory(stage), 'supervisor.log');
}

async function untilReady(stage: string, supervised: () => boolean): Promise<State> {
  for (let told = ''; ;) {
    const alive = supervised();
    const state = readState();
    const text = alive && state?.phase === 'starting' ? progress(state) : '';
    if (process.stderr.isTTY && text !== told) process.stderr.write(`\r\u001b[K${text}`);
    told = text;
    if (state?.phase === 'ready') return state;
    if (!alive) throw failure(stage, state);
    await sleep(50);
  }
}

function progress({ services }: State): string {
  const awaited = services
    .filter(({ status }) => status === 'waiting' || status === 'starting')
    .map(({ name }) => name);
  return `Waiting for ${awaited.join(', ')} ...`.slice(0, (process.stderr.columns || 80) - 1);
}

/** Logs stay until the next `up` or `down`, in case somebody wants to read more than the last lines. */
function failure(stage: string, state: State | undefined): Problem {
  removeState();
  const logs = relative(process.cwd(), logDirectory(stage));
  if (state?.failure)
    return new Problem(`${state.failure}\n${stage} did not start, and was stopped. All log lines are in ${logs}/`);
  if (state?.phase === 'stopping') return new Problem(`${stage} was stopped while it was starting.`);
  return new Problem(`The supervisor of ${stage} exited:\n${readFileSync(supervisorLog(stage), 'utf8').trim()}`);
}

function announce(state: State): void {
  const { stage, page, receiver } = state;
  const next = [
    ...(receiver ? [`  make ${stage} watch      shows traces with their log lines`] : []),
    ...(page ? [`  make ${stage} open       opens ${page}`] : []),
    `  make ${stage} traffic    rolls dice`,
    `  make ${stage} down       stops it`,
  ];
  console.log(`${stage} is running.\n\n${stageTable(state)}\n\nNext:\n${next.join('\n')}`);
}
