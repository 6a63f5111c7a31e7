export type Area = 'metrics' | 'logs' | 'usage' | 'spans' | 'requests' | 'panels';

/** One thing that is wrong. */
export interface Fault {
  text: string;
  /** More telemetry, or more patience, might mend it: something was not seen yet. */
  pending?: boolean;
}

/** One thing that was held against the contract, or could not be. */
export interface Check {
  area: Area;
  /** The service, the kind and the thing: `dice-roller metric dice_rolls_total`. */
  subject: string;
  /** Where it was looked for: `/metrics`, `Prometheus`, `Loki`, … */
  source: string;
  outcome: 'passed' | 'failed' | 'not checked';
  /** What came of it, in a word or two, for the table. */
  result: string;
  faults: Fault[];
  /** What to do about the faults. */
  advice?: string;
  /** Why it was not checked. */
  reason?: string;
}

type Thing = Pick<Check, 'area' | 'subject' | 'source'>;

/** Failed if there are faults, else passed. Equal faults are told once. */
export function judged(thing: Thing, faults: Fault[], advice: string, result = 'seen'): Check {
  const distinct = [...new Map(faults.map((fault) => [fault.text, fault])).values()];
  if (distinct.length === 0) return { ...thing, outcome: 'passed', result, faults: [] };
  const word = distinct.every(({ pending }) => pending) ? 'not all seen' : 'wrong';
  return { ...thing, outcome: 'failed', result: word, faults: distinct, advice };
}

export function notChecked(thing: Thing, reason: string, result = 'not checked'): Check {
  return { ...thing, outcome: 'not checked', result, faults: [], reason };
}

/** A thing of ours that the contract does not have. */
export function undeclared(thing: Thing, fault = 'is not declared'): Check {
  const advice = 'Declare it in telemetry.yaml, or stop emitting it.';
  return { ...thing, outcome: 'failed', result: 'undeclared', faults: [{ text: fault }], advice };
}

/** A declared thing that never came: a fault, unless the contract says why it need not come. */
export function neverSeen(thing: Thing, optional: string | undefined, advice: string, detail = ''): Check {
  if (optional) return notChecked(thing, `did not occur (${optional})`, 'not seen');
  const faults = [{ text: `was never seen${detail}`, pending: true }];
  return { ...thing, outcome: 'failed', result: 'never seen', faults, advice };
}

/** Whether waiting or more traffic might change a result. */
export function isPending({ faults }: Check): boolean {
  return faults.some(({ pending }) => pending);
}
