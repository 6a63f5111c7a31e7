import type { FigureName, Measured } from './figures.ts';
import { median, ratio, type Result } from './report.ts';

interface Aim {
  text: string;
  figure: FigureName;
  most: number;
  unit: string;
  /** Whether it limits the ratio to the baseline, not the figure itself. */
  relative?: boolean;
}

/** Limits for stage 1. Results are compared with them, but never fail: machines differ. */
const aims: Aim[] = [
  { text: 'CPU per request, against the baseline', figure: 'cpu', most: 3.5, unit: '×', relative: true },
  { text: 'start to ready', figure: 'ready', most: 0.6, unit: ' s' },
  { text: 'first request to its span', figure: 'firstSpan', most: 1, unit: ' s' },
  { text: 'memory when idle', figure: 'idle', most: 120, unit: ' MiB' },
];

/** One line per aim: what was aimed at, what was seen, met or not met. */
export function compareWithAims(result: Result, baseline: Result): string[] {
  return aims.map(({ text, figure, most, unit, relative }) => {
    const seen = relative ? ratio(result, baseline, figure) : median(result.samples, figure);
    return `${text}: at most ${most}${unit}; ${verdict(seen, most, unit)}`;
  });
}

function verdict(seen: Measured, most: number, unit: string): string {
  if (typeof seen === 'string') return seen;
  const digits = unit === ' MiB' ? 0 : 2;
  return `${seen.toFixed(digits)}${unit}, ${seen <= most ? 'met' : 'not met'}`;
}
