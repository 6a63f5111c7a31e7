import { styleText } from 'node:util';
import type { Check } from '../compare/check.ts';
import { faultText } from './words.ts';

/** What failed and what to do about it, what was not checked and why, and one line with the result. */
export function summary(stage: string, checks: Check[]): string {
  const failed = checks.filter(({ outcome }) => outcome === 'failed');
  const skipped = checks.filter(({ outcome }) => outcome === 'not checked');
  return [
    ...(failed.length > 0 ? ['Failed:', ...failed.flatMap(failure), ''] : []),
    ...(skipped.length > 0 ? ['Not checked (that does not mean it passed):', ...reasons(skipped), ''] : []),
    verdict(stage, failed.length, skipped.length),
  ].join('\n');
}

/** One text that names the thing, its place and what is wrong with it. */
export function faultTexts({ subject, source, faults }: Check): string[] {
  return faults.map((fault) => `${subject}: ${faultText(fault)} (in ${source})`);
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
  if (failed > 0) return styleText('red', `${stage} does not match its telemetry.yaml: ${failed} failed.`, { stream });
  if (skipped === 0) return styleText('green', `${stage}: every check passed.`, { stream });
  return styleText('yellow', `${stage}: every check that could run passed; ${skipped} not checked.`, { stream });
}
