import { setTimeout as sleep } from 'node:timers/promises';
import type { PlannedService } from '../plan/plan.ts';
import { messageOf } from '../problem.ts';
import { startChild, type Child, type SpawnAs } from './child.ts';
import type { Line } from './lines.ts';
import { endGroup, recordOf, signalGroup, signalTree, type ProcessRecord } from './processes.ts';
import { waitUntilReady } from './readiness.ts';
import type { ServiceState } from './state.ts';

/** What a runner needs from its supervisor, and reports to it. */
export interface Hooks {
  /** Prepares what the service finds on disk; says what to start, and as which user. */
  prepare: (planned: PlannedService) => Promise<SpawnAs>;
  onLine: (line: Line) => void;
  onChange: (change: Partial<ServiceState>) => void;
  /** Turns what happened to the service into a text for people. */
  explain: (what: string) => string;
  /** Reports a service that was ready and exited unexpectedly. */
  report: (text: string) => void;
}

export interface Runner {
  /** Resolves when the process exists. */
  spawned: Promise<void>;
  /** Resolves when the service is ready, or the job has ended well; rejects when it fails before that. */
  ready: Promise<void>;
  stop: () => Promise<void>;
  /**
   * Sends it a signal; if that ends it, it stays down, as after `docker kill`. SIGKILL ends everything that it started.
   */
  kill: (signal: NodeJS.Signals) => Promise<void>;
  /** Freezes it, with everything that it started, or resumes it. */
  pause: () => void;
  unpause: () => void;
}

interface Run {
  planned: PlannedService;
  hooks: Hooks;
  stopping: AbortController;
  spawned: PromiseWithResolvers<void>;
  ready: PromiseWithResolvers<void>;
  wasReady: boolean;
  /** Someone sent it a signal: it is not restarted automatically. */
  killed: boolean;
  current?: ProcessRecord;
}

const firstPause = 500;
const longestPause = 30_000;
/** A process that ran this long counts as recovered; its end is not one more failure in a row. */
const longLife = 10_000;

/** Starts a service and keeps it running as its restart policy says. */
export function runService(planned: PlannedService, hooks: Hooks): Runner {
  const run: Run = {
    ...{ planned, hooks, wasReady: false, killed: false, stopping: new AbortController() },
    ...{ spawned: Promise.withResolvers<void>(), ready: Promise.withResolvers<void>() },
  };
  run.spawned.promise.catch(() => undefined);
  run.ready.promise.catch(() => undefined);
  const finished = keepRunning(run).catch((thrown: unknown) => {
    if (!run.stopping.signal.aborted)
      hooks.onChange({ status: 'crashed', note: messageOf(thrown), process: undefined });
    const error = new Error(hooks.explain(messageOf(thrown)));
    run.spawned.reject(error);
    run.ready.reject(error);
  });
  return {
    ...{ spawned: run.spawned.promise, ready: run.ready.promise },
    stop: () => stop(run, finished),
    kill: (signal) => kill(run, signal, finished),
    pause: () => freeze(run, 'SIGSTOP', 'paused'),
    unpause: () => freeze(run, 'SIGCONT', 'ready'),
  };
}

async function kill(run: Run, signal: NodeJS.Signals, finished: Promise<void>): Promise<void> {
  run.killed = true;
  if (!run.current) return;
  if (signal !== 'SIGKILL') return signalGroup(run.current, signal);
  signalTree(run.current, signal);
  await finished;
}

function freeze({ current, hooks }: Run, signal: NodeJS.Signals, status: ServiceState['status']): void {
  if (!current) return;
  signalTree(current, signal);
  hooks.onChange({ status });
}

async function stop({ stopping, current, planned, hooks }: Run, finished: Promise<void>): Promise<void> {
  stopping.abort();
  if (current) await endGroup(current, planned.stopGrace, planned.stopSignal);
  // By then its last lines have been read, and it is known how it ended.
  await finished;
  hooks.onChange({ status: 'stopped', process: undefined });
}

/** @throws Error saying how the first start failed; later ends are reported and follow the restart policy */
async function keepRunning(run: Run): Promise<void> {
  const { planned, hooks, stopping } = run;
  for (let failures = 0; ;) {
    const startedAt = Date.now();
    const how = await runOnce(run);
    hooks.onChange({ ended: how });
    if (stopping.signal.aborted) throw new Error('was stopped');
    if (run.killed) return hooks.onChange({ status: 'stopped', process: undefined });
    if (endedWell(planned, how)) {
      hooks.onChange({ status: 'completed', process: undefined });
      return run.ready.resolve();
    }
    if (!run.wasReady) throw new Error(how);
    failures = Date.now() - startedAt > longLife ? 1 : failures + 1;
    const pause = Math.min(firstPause * 2 ** (failures - 1), longestPause);
    const next = planned.restart === 'no' ? 'it stays down' : `it starts again in ${pause / 1000} s`;
    hooks.onChange({
      status: planned.restart === 'no' ? 'crashed' : 'restarting',
      note: `${how}; ${next}`,
      process: undefined,
    });
    hooks.report(hooks.explain(`${how}; ${next}`));
    if (planned.restart === 'no') return;
    await sleep(pause, undefined, { signal: stopping.signal }).catch(() => undefined);
  }
}

function endedWell({ job, restart }: PlannedService, how: string): boolean {
  return how === 'ended with exit code 0' && (job || restart === 'no' || restart.startsWith('on-failure'));
}

/** One life of the process: until it ends, or until it turns out not to become ready. */
async function runOnce(run: Run): Promise<string> {
  const { planned, hooks, stopping } = run;
  const start = await hooks.prepare(planned);
  if (stopping.signal.aborted) return 'was stopped';
  const child = startChild(planned, start, hooks.onLine);
  const record = child.pid === undefined ? undefined : recordOf(child.pid);
  if (record) run.current = record;
  hooks.onChange({ status: 'starting', note: undefined, process: record });
  run.spawned.resolve();
  const fault = await becomeReady(run, child);
  if (fault && record) await endGroup(record, planned.stopGrace, planned.stopSignal);
  const how = await child.ended;
  // What it started must not keep its port from the next start.
  if (record) signalGroup(record, 'SIGKILL');
  return fault ?? how;
}

/** Returns what kept the service from becoming ready, unless it exited. */
async function becomeReady(run: Run, child: Child): Promise<string | undefined> {
  if (run.planned.job) return undefined;
  const ending = new AbortController();
  void child.ended.then(() => ending.abort());
  const signal = AbortSignal.any([ending.signal, run.stopping.signal]);
  try {
    await waitUntilReady(run.planned.readiness, child.sawReadyLine, signal);
  } catch (error) {
    return messageOf(error);
  }
  if (signal.aborted) return undefined;
  run.wasReady = true;
  run.hooks.onChange({ status: 'ready' });
  run.ready.resolve();
  return undefined;
}
