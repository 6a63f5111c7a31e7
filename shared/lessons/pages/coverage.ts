import { isBlank, type Piece } from './find-lines.ts';
import { countedHunks, type Hunk, type Line } from './hunks.ts';
import type { Lesson } from './lesson.ts';

/** A hunk that a page does not show, or not all of it. */
export interface Unshown {
  hunk: Hunk;
  /** Places of the changed lines that are missing. */
  missing: number[];
  /** Nothing of it is shown. */
  whole: boolean;
}

/** The parts of a lesson's hunks that no piece shows. */
export function unshownHunks({ manifest, hunks }: Lesson, pieces: Piece[]): Unshown[] {
  return countedHunks(manifest, hunks).flatMap((hunk) => {
    const own = pieces.filter((piece) => piece.hunk === hunk);
    const needed = neededLines(hunk);
    const missing = needed.filter((index) => !own.some(({ from, to }) => from <= index && index <= to));
    return own.length === 0 || missing.length > 0 ? { hunk, missing, whole: own.length === 0 } : [];
  });
}

/**
 * The changed lines that a page must show. A piece may leave out blank lines, lines that only close what others opened,
 * and the imports at the top of a new file.
 */
function neededLines({ lines, isNew }: Hunk): number[] {
  const imports = isNew && lines[0]?.text.startsWith('import ') ? lines.findIndex(isBlank) : 0;
  return lines.flatMap((line, index) => (line.sign === ' ' || index < imports || isTrivial(line) ? [] : index));
}

function isTrivial(line: Line): boolean {
  return isBlank(line) || /^\s*(<\/[\w.]*>|\/>|[\])};,>])*\s*$/.test(line.text);
}
