import { styleText } from 'node:util';
import Table from 'cli-table3';
import type { Check } from '../compare/check.ts';

const columns: Check['outcome'][] = ['passed', 'failed', 'not checked'];
const colours = { passed: 'green', failed: 'red', 'not checked': 'yellow' } as const;
const widths = [49, 11, 15, 13, 12];

const frameless = {
  ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '', bottom: '', 'bottom-mid': '', 'bottom-left': '' },
  ...{ 'bottom-right': '', left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: '' },
};

/** Every check in a line, with its result in the column of its outcome, below each other by area; then the sums. */
export function resultTable(checks: Check[]): string {
  const style = { 'padding-left': 0, 'padding-right': 1, head: [], border: [], compact: true };
  const table = new Table({ chars: frameless, colWidths: widths, wordWrap: true, style });
  for (const [area, members] of Map.groupBy(checks, (check) => check.area)) {
    table.push([area.toUpperCase(), 'SEEN IN', 'PASSED', 'FAILED', 'NOT CHECKED']);
    table.push(...members.map(row), ['', '', '', '', '']);
  }
  table.push(['', '', ...columns.map((outcome) => paint(outcome, String(count(checks, outcome))))]);
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

function row({ subject, source, outcome, result }: Check): string[] {
  const words = columns.map((column) => (column === outcome ? paint(outcome, result) : ''));
  return [subject, source, ...words];
}

function count(checks: Check[], outcome: Check['outcome']): number {
  return checks.filter((check) => check.outcome === outcome).length;
}

function paint(outcome: Check['outcome'], text: string): string {
  return styleText(colours[outcome], text, { stream: process.stdout });
}
