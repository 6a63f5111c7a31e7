import { styleText } from 'node:util';
import type { Check } from '../compare/check.ts';

/** What failed, each with what to do; then what was not checked, by reason; then one line that says how it went. */
export function summary(stage: string, checks: Check[]): string {
  const failed = checks.filter(({ outcome }) => outcome === 'failed');
  const skipped = checks.filter(({ outcome }) => outcome === 'not checked');
  return [
    ...(failed.length > 0 ? ['Failed:', ...failed.flatMap(failure), ''] : []),
    ...(skipped.length > 0 ? ['Not checked, which is not the same as passed:', ...reasons(skipped), ''] : []),
    verdict(stage, failed.length, skipped.length),
  ].join('\n');
}

/** One text that names the thing, its place and what is wrong with it. */
export function faultTexts({ subject, source, faults }: Check): string[] {
  return faults.map(({ text }) => `${subject}: ${text} (in ${source})`);
}

function failure(check: Check): string[] {
  return [...faultTexts(check).map((text) => `  ${text}`), ...(check.advice ? [`    → ${check.advice}`] : [])];
}

function reasons(checks: Check[]): string[] {
  const groups = Map.groupBy(checks, ({ reason }) => reason ?? '');
  return [...groups].map(([reason, members]) => `  ${listed(members.map(({ subject }) => subject))}: ${reason}`);
}

function listed(subjects: string[]): string {
  return subjects.length > 3
    ? `${subjects.slice(0, 2).join('; ')}; and ${subjects.length - 2} more`
    : subjects.join('; ');
}

function verdict(stage: string, failed: number, skipped: number): string {
  const stream = process.stdout;
  if (failed > 0) return styleText('red', `${stage} does not keep its contract: ${failed} failed.`, { stream });
  if (skipped === 0) return styleText('green', `${stage} keeps its contract.`, { stream });
  return styleText('yellow', `${stage} keeps its contract as far as was checked: ${skipped} not checked.`, { stream });
}
