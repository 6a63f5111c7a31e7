import type { Check, Place } from './check.ts';
import type { Fault } from './fault.ts';

/** One thing that is wrong, as data: a code with its arguments, and the place that it is wrong at. */
export type Finding = Fault & { place: Place };

/**
 * What is wrong, without words: report/words.ts has those. A finding that is `pending` may only not have been seen yet;
 * all others are wrong whatever still comes.
 */
export function findingsOf(checks: Check[]): Finding[] {
  return checks.flatMap(({ faults, outcome: _o, result: _r, advice: _a, reason: _, ...place }) =>
    faults.map((fault) => ({ ...fault, place })),
  );
}
