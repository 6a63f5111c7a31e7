import { styleText } from 'node:util';
import Table from 'cli-table3';
import type { Finding, Outcome } from './step.ts';

const colours = { passed: 'green', failed: 'red', 'not checked': 'yellow', figure: 'dim' } as const;
/** With the indent, a hundred columns. */
const widths = [13, 44, 41];

const frameless = {
  ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '', bottom: '', 'bottom-mid': '', 'bottom-left': '' },
  ...{ 'bottom-right': '', left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: '' },
};

export function heading(number: number, count: number, title: string): string {
  return `\n${styleText('bold', `${number} of ${count}  ${title}`, { stream: process.stdout })}`;
}

/** Something that was done. */
export function deed(text: string): string {
  return `  ${text}.`;
}

/** What was seen, each thing in a line with its outcome. */
export function findingTable(findings: Finding[]): string {
  const style = { 'padding-left': 0, 'padding-right': 1, head: [], border: [], compact: true };
  const table = new Table({ chars: frameless, colWidths: widths, wordWrap: true, style });
  table.push(...findings.map(({ outcome, what, saw }) => [paint(outcome, outcome), what, saw]));
  return table
    .toString()
    .split('\n')
    .map((line) => `  ${line}`.trimEnd())
    .join('\n');
}

/** One line that says how it went. */
export function verdict(stage: string, findings: Finding[]): string {
  const count = (outcome: Outcome): number => findings.filter((finding) => finding.outcome === outcome).length;
  const [passed, failed, skipped] = [count('passed'), count('failed'), count('not checked')];
  const counts = `${passed} passed, ${failed} failed, ${skipped} not checked`;
  if (failed > 0) return paint('failed', `${stage} failed the drill: ${counts}.`);
  if (skipped > 0) return paint('not checked', `${stage} passed every part of the drill that could run: ${counts}.`);
  return paint('passed', `${stage} passed the drill: ${counts}.`);
}

function paint(outcome: Outcome, text: string): string {
  return styleText(colours[outcome], text, { stream: process.stdout });
}
