import type { Check } from '../../verify/compare/check.ts';
import { faultTexts } from '../../verify/report/summary.ts';

/** What is wrong, without what was only not seen: a drill need not call forth all that the contract declares. */
export function wrongs(checks: Check[]): string[] {
  return checks.flatMap((check) => faultTexts({ ...check, faults: check.faults.filter(({ pending }) => !pending) }));
}
