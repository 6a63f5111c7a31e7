import { parsePatch } from 'diff';
import { matchesAny, type Manifest } from '../manifest.ts';
import type { Step } from '../steps.ts';

/** A line of a hunk: added, removed, or there before and after. */
export interface Line {
  sign: '+' | '-' | ' ';
  text: string;
}

/** One hunk of a step's difference, with three unchanged lines on each side. */
export interface Hunk {
  /** Inside the stage's folder. */
  path: string;
  /** Where it begins in the new file, from 1. */
  start: number;
  lines: Line[];
  /** The file is new in this step, so this hunk is all of it. */
  isNew: boolean;
}

/** All hunks of a step, in Git's order. A binary file or a changed mode has none. */
export function readHunks({ changes }: Step): Hunk[] {
  return changes.flatMap(({ path, status, patch }) => {
    const [file] = parsePatch(patch);
    return (file?.hunks ?? []).map(({ newStart, lines }) => ({
      ...{ path, start: newStart, isNew: status === 'A' },
      lines: lines.filter((line) => !line.startsWith('\\')).map(readLine),
    }));
  });
}

function readLine(line: string): Line {
  return { sign: line[0] as Line['sign'], text: line.slice(1) };
}

/**
 * The hunks that a lesson page must show: those of files that the manifest neither reduces to counts nor leaves out.
 */
export function countedHunks({ lessons }: Manifest, hunks: Hunk[]): Hunk[] {
  const others = [...lessons.left_out, ...Object.values(lessons.told).flat()];
  return hunks.filter(({ path }) => !matchesAny(path, others));
}

/** What a hunk changes, for comparing hunks of different files. */
export function changedText({ lines }: Hunk): string {
  return lines
    .filter(({ sign }) => sign !== ' ')
    .map(({ sign, text }) => sign + text)
    .join('\n');
}
