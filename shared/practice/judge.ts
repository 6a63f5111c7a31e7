import type { Finding } from '../verify/compare/findings.ts';
import type { Exercise, Pattern, Steps } from './exercise.ts';

/** What an exercise expects and does not find. */
export interface Unmet {
  /** The hint's name in the exercise, or `other` for what the exercise did not ask to change. */
  id: string;
  /** Wrong, or not seen yet: more traffic or more patience may bring it. */
  outcome: 'wrong' | 'not-seen-yet';
  steps?: Steps;
  findings: Finding[];
}

/** The outcome of a check, as data: codes, no sentences. */
export interface Verdict {
  outcome: 'passed' | 'wrong' | 'not-seen-yet' | 'not-checked';
  unmet: Unmet[];
  /** Why it was not checked. */
  reason?: string;
}

/**
 * Judges what verify found, against the amended contract. Findings without a hint count if they are certainly wrong;
 * whatever else has not been seen is a matter for `verify`, not for the exercise.
 */
export function judge({ hints }: Pick<Exercise, 'hints'>, findings: Finding[]): Verdict {
  const groups = Map.groupBy(findings, (finding) => {
    const found = Object.entries(hints).find(([, hint]) => hint.for.some((pattern) => matches(pattern, finding)));
    return found?.[0] ?? 'other';
  });
  // In the order of the hints: what comes first there is the cause of what follows.
  const unmet = [...Object.keys(hints), 'other'].flatMap((id): Unmet[] => {
    const all = groups.get(id) ?? [];
    const counted = id === 'other' ? all.filter(({ pending }) => !pending) : all;
    const outcome = counted.every(({ pending }) => pending) ? 'not-seen-yet' : 'wrong';
    const hint = hints[id];
    return counted.length === 0 ? [] : [{ id, outcome, ...(hint && { steps: hint.steps }), findings: counted }];
  });
  const worst = unmet.some(({ outcome }) => outcome === 'wrong') ? 'wrong' : 'not-seen-yet';
  return { outcome: unmet.length === 0 ? 'passed' : worst, unmet };
}

function matches(pattern: Pattern, finding: Finding): boolean {
  return isPartOf(pattern, finding);
}

function isPartOf(part: unknown, whole: unknown): boolean {
  if (typeof part !== 'object' || part === null) return Object.is(part, whole);
  if (typeof whole !== 'object' || whole === null) return false;
  return Object.entries(part).every(([name, value]) => isPartOf(value, (whole as Record<string, unknown>)[name]));
}
