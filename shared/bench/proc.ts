import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** Memory of a process that is in RAM, in MiB. */
export interface Memory {
  resident: number;
  /** The most since the process began. */
  highest: number;
}

/**
 * The CPU time in /proc/<pid>/stat, user and system, of all threads: fields 14 and 15, in clock ticks (proc(5)). The
 * second field is the program's name in parentheses, which may itself contain spaces and parentheses.
 * @returns seconds
 * @throws Error for a text in another form
 */
export function parseStat(stat: string, ticksPerSecond: number): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const seconds = (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
  if (Number.isNaN(seconds)) throw new Error(`This is not /proc/<pid>/stat: "${stat}"`);
  return seconds;
}

/**
 * VmRSS and VmHWM in /proc/<pid>/status (proc(5)), which has them in KiB.
 * @throws Error for a text without them
 */
export function parseStatus(status: string): Memory {
  const mebibytes = (name: string): number => {
    const [, kibibytes] = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status) ?? [];
    if (kibibytes === undefined) throw new Error(`/proc/<pid>/status has no ${name}`);
    return Number(kibibytes) / 1024;
  };
  return { resident: mebibytes('VmRSS'), highest: mebibytes('VmHWM') };
}

const hasProc = existsSync('/proc/self/stat');
let ticksPerSecond: number | undefined;

/** Read when it is first needed: not everyone who imports this file measures. */
function clockTicks(): number {
  return (ticksPerSecond ??= Number(execFileSync('getconf', ['CLK_TCK'])));
}

/** Seconds of CPU that a process has used so far; nothing where the system has no /proc. */
export function cpuSeconds(pid: number): number | undefined {
  return hasProc ? parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'), clockTicks()) : undefined;
}

/** The memory of a process; nothing where the system has no /proc. */
export function memory(pid: number): Memory | undefined {
  return hasProc ? parseStatus(readFileSync(`/proc/${pid}/status`, 'utf8')) : undefined;
}
