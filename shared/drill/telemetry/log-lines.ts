import { messageOf } from '../../runtime/problem.ts';
import { compareLogs } from '../../verify/compare/logs.ts';
import { readContract, silence } from '../../verify/contract/contract.ts';
import { readersOf } from '../../verify/observe.ts';
import type { RunningStage } from '../../verify/stage/running-stage.ts';
import type { Shot } from '../load/shot.ts';
import { figure, judge, notChecked, type Finding } from '../step.ts';
import { until } from '../steps/wait.ts';
import { wrongs } from './faults.ts';

const patience = 60_000;
const sdkTrouble = '"message":"Telemetry error"';

/** The lines that a service prints from a moment on. */
export interface LineCheck {
  stage: RunningStage;
  service: string;
  /** The place that is read, or why none can be. */
  where: string;
  read: (() => Promise<string[]>) | undefined;
}

export async function openLineCheck(stage: RunningStage, service: string): Promise<LineCheck> {
  const reader = readersOf({ ...stage, since: Date.now() }).logs.find((one) => one.service === service)?.reader;
  if (!reader || 'missing' in reader) {
    return { stage, service, where: reader?.missing ?? 'its lines are not kept anywhere', read: undefined };
  }
  // A log file also has what was printed before; when it gets too large, a new one is started.
  const old = (await reader.read()).length;
  const read = async (): Promise<string[]> => {
    const lines = await reader.read();
    return lines.length < old ? lines : lines.slice(old);
  };
  return { stage, service, where: reader.name, read };
}

/**
 * Compares each line with the contract, in form and in content.
 * @param last the last requests made: once their lines are there, all others that will ever arrive are there, too
 */
export async function lineFindings(check: LineCheck, last: Shot[], signal: AbortSignal): Promise<Finding[]> {
  const what = 'no broken log line, and no undeclared one';
  const { read, stage, service, where } = check;
  if (!read) return [notChecked(what, where)];
  let lines: string[] = [];
  const awaited = last.at(-1)?.traceId ?? '';
  const isThere = async (): Promise<boolean> => (lines = await read()).some((line) => line.includes(awaited));
  try {
    const came = await until(isThere, patience, signal);
    const faults = faultsOf(stage, service, lines);
    const longest = Math.max(0, ...lines.map((line) => Buffer.byteLength(line)));
    return [
      judge(came && faults.length === 0, what, saw(faults, came, lines.length, where)),
      figure('longest line', `${longest} bytes`),
      figure('lines that say "Telemetry error"', String(lines.filter((line) => line.includes(sdkTrouble)).length)),
    ];
  } catch (error) {
    signal.throwIfAborted();
    return [judge(false, what, messageOf(error))];
  }
}

function faultsOf(stage: RunningStage, service: string, lines: string[]): string[] {
  const declared = readContract(stage.directory).services[service] ?? silence;
  return wrongs(compareLogs(service, declared, lines, 'lines'));
}

function saw(faults: string[], came: boolean, count: number, where: string): string {
  if (faults.length > 0) return faults.slice(0, 3).join('; ');
  return came ? `${count} lines in ${where}` : `${count} lines in ${where}, but not the last one`;
}
