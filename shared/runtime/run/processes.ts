import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process that cannot be mistaken for a later one with the same pid. */
export interface ProcessRecord {
  pid: number;
  /** When the process started, in the system's own terms. */
  startedAs: string;
}

/** Records a running process, or undefined when it has ended already. A zombie has ended. */
export function recordOf(pid: number): ProcessRecord | undefined {
  const startedAs = process.platform === 'linux' ? startFromProc(pid)?.startedAs : startFromPs(pid);
  return startedAs === undefined ? undefined : { pid, startedAs };
}

/** Fields of /proc/pid/stat: proc(5). The command's name may hold spaces and brackets, so what follows it is counted. */
function startFromProc(pid: number): { startedAs: string; group: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, , group] = fields;
    if (state === 'Z' || state === 'X') return undefined;
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8);
    return { startedAs: `${boot}:${fields[19]}`, group: Number(group) };
  } catch {
    return undefined;
  }
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
  return groupMembers(leader.pid) > 0;
}

function groupMembers(group: number): number {
  if (process.platform === 'linux') {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return pids.filter((pid) => startFromProc(Number(pid))?.group === group).length;
  }
  const rows = execFileSync('ps', ['-A', '-o', 'pgid=,state='], { encoding: 'utf8' }).trim().split('\n');
  return rows
    .map((row) => row.trim().split(/\s+/))
    .filter(([id, state]) => Number(id) === group && !state?.startsWith('Z')).length;
}

/** Sends a signal to a recorded process's whole group, unless all of it has ended. */
export function signalGroup(leader: ProcessRecord, signal: NodeJS.Signals): void {
  if (!groupIsAlive(leader)) return;
  try {
    process.kill(-leader.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Ends a group: by a signal, and by SIGKILL what is left after the grace, in milliseconds. */
export async function endGroup(
  leader: ProcessRecord,
  grace: number,
  signal: NodeJS.Signals = 'SIGTERM',
): Promise<void> {
  signalGroup(leader, signal);
  const deadline = Date.now() + grace;
  while (groupIsAlive(leader) && Date.now() < deadline) await sleep(50);
  signalGroup(leader, 'SIGKILL');
  while (groupIsAlive(leader)) await sleep(20);
}
