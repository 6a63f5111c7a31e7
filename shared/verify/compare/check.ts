import type { Demanded } from '../contract/contract.ts';
import { fault, pending, type Fault, type FaultArguments } from './fault.ts';

export type Area = 'metrics' | 'logs' | 'usage' | 'resources' | 'spans' | 'requests' | 'panels' | 'queries';

/** What was checked, and where it was looked for. */
export interface Place {
  area: Area;
  /** The service that it is part of; panels, queries and requests have none. */
  service?: string;
  /** As the contract names it: a metric, a message, a span, a request, a panel. */
  name: string;
  /** What tells it apart from others of its name, as the contract words it. */
  when?: string;
  /** For people: `dice-roller metric dice_rolls_total`. */
  subject: string;
  /** `/metrics`, `Prometheus`, `Loki`, … */
  source: string;
}

/** One thing that was compared with the contract, or could not be. */
export interface Check extends Place {
  outcome: 'passed' | 'failed' | 'not checked';
  /** How it went, in a word or two, for the table. */
  result: string;
  faults: Fault[];
  /** What to do about the faults. */
  advice?: string;
  /** Why it was not checked. */
  reason?: string;
}

/** Failed if there are faults, else passed. Equal faults are reported once. */
export function judged(place: Place, faults: Fault[], advice: string, result = 'seen'): Check {
  const distinct = [...new Map(faults.map((one) => [JSON.stringify(one), one])).values()];
  if (distinct.length === 0) return { ...place, outcome: 'passed', result, faults: [] };
  const word = distinct.every((one) => one.pending) ? 'not all seen' : 'wrong';
  return { ...place, outcome: 'failed', result: word, faults: distinct, advice };
}

export function notChecked(place: Place, reason: string, result = 'not checked'): Check {
  return { ...place, outcome: 'not checked', result, faults: [], reason };
}

/** A thing of ours that the contract does not have. */
export function undeclared(place: Place): Check {
  const advice = 'Declare it in telemetry.yaml, or stop emitting it.';
  return { ...place, outcome: 'failed', result: 'undeclared', faults: [fault('undeclared', {})], advice };
}

/** A declared thing that never came: a fault, unless the contract says why it need not come. */
export function neverSeen(
  place: Place,
  { optional, demanded }: { optional?: string | undefined } & Demanded,
  advice: string,
  nearest?: FaultArguments['never-seen']['nearest'],
): Check {
  if (optional && !demanded) return notChecked(place, `did not occur (${optional})`, 'not seen');
  const faults = [pending('never-seen', nearest ? { nearest } : {})];
  return { ...place, outcome: 'failed', result: 'never seen', faults, advice };
}

/** Whether waiting or more traffic might change a result. */
export function isPending({ faults }: Check): boolean {
  return faults.some((one) => one.pending);
}
