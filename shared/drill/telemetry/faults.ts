import type { Check } from '../../verify/compare/check.ts';
import { faultTexts } from '../../verify/report/summary.ts';

/**
 * What is wrong, leaving out what was merely not seen: a drill need not cause everything that the contract declares.
 */
export function wrongs(checks: Check[]): string[] {
  return checks.flatMap((check) => faultTexts({ ...check, faults: check.faults.filter(({ pending }) => !pending) }));
}
