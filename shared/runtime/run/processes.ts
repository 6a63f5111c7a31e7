import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { processTable, readStat } from './process-table.ts';

/** A process that cannot be mistaken for a later one with the same pid. */
export interface ProcessRecord {
  pid: number;
  /** When the process started, in the system's own terms. */
  startedAs: string;
}

/** Records a running process, or undefined when it has ended already. A zombie has ended. */
export function recordOf(pid: number): ProcessRecord | undefined {
  const startedAs = process.platform === 'linux' ? startFromProc(pid) : startFromPs(pid);
  return startedAs === undefined ? undefined : { pid, startedAs };
}

function startFromProc(pid: number): string | undefined {
  const stat = readStat(pid);
  return stat && `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8)}:${stat.start}`;
}

function startFromPs(pid: number): string | undefined {
  try {
    const [state = '', ...start] = execFileSync('ps', ['-o', 'state=,lstart=', '-p', String(pid)], { encoding: 'utf8' })
      .trim()
      .split(/\s+/);
    return state === '' || state.startsWith('Z') ? undefined : start.join(' ');
  } catch {
    return undefined;
  }
}

/** Whether the recorded process itself still runs. */
export function isAlive({ pid, startedAs }: ProcessRecord): boolean {
  return recordOf(pid)?.startedAs === startedAs;
}

/**
 * Whether anything of the recorded process's group still runs. A group keeps its number from being given to a new
 * process for as long as it has members; so if the number has a new process, the old group is gone.
 */
export function groupIsAlive(leader: ProcessRecord): boolean {
  const now = recordOf(leader.pid);
  if (now) return now.startedAs === leader.startedAs;
  return processTable().some(({ group }) => group === leader.pid);
}

/** Sends a signal to a recorded process's whole group, unless all of it has ended. */
export function signalGroup(leader: ProcessRecord, signal: NodeJS.Signals): void {
  if (groupIsAlive(leader)) sendSignal(-leader.pid, signal);
}

/**
 * Sends a signal to a recorded process and all its descendants, whatever their group: PostgreSQL gives each of its
 * processes its own group.
 */
export function signalTree(leader: ProcessRecord, signal: NodeJS.Signals): void {
  if (!isAlive(leader)) return;
  const table = processTable();
  const descendants = (pid: number): number[] =>
    table.filter(({ parent }) => parent === pid).flatMap((child) => [child.pid, ...descendants(child.pid)]);
  for (const pid of [leader.pid, ...descendants(leader.pid)]) sendSignal(pid, signal);
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Ends a group with a signal, and whatever is left after the grace period (in milliseconds) with SIGKILL. */
export async function endGroup(
  leader: ProcessRecord,
  grace: number,
  signal: NodeJS.Signals = 'SIGTERM',
): Promise<void> {
  signalGroup(leader, signal);
  // A paused process takes no signal until it is resumed.
  signalTree(leader, 'SIGCONT');
  const deadline = Date.now() + grace;
  while (groupIsAlive(leader) && Date.now() < deadline) await sleep(50);
  signalGroup(leader, 'SIGKILL');
  while (groupIsAlive(leader)) await sleep(20);
}
