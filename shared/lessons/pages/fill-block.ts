import type { Filled } from './fill-page.ts';
import { findPiece, Unfound, type Piece } from './find-lines.ts';
import { changedText, type Hunk } from './hunks.ts';
import type { Lesson } from './lesson.ts';
import type { Block } from './parse-page.ts';
import { renderBlock } from './render-block.ts';

const known = ['lang', 'title', 'anchor', 'from', 'to', 'also'];

/** The block with the piece of the difference that it quotes. */
export function fillBlock({ step, hunks }: Lesson, { line, start, end, attributes, rest }: Block): Filled {
  try {
    const unknown = [...Object.keys(attributes).filter((name) => !known.includes(name)), ...(rest ? [rest] : [])];
    if (unknown.length > 0) throw new Unfound(`"${unknown[0]}" is not an option of a block`, notation);
    const piece = findPiece(hunksOf(step.stage, hunks, attributes.title ?? ''), attributes);
    const others = also(attributes).map((path) => equalHunk(hunksOf(step.stage, hunks, path), path, piece));
    return { ...{ line, start, end }, text: renderBlock(attributes, piece), shows: [piece, ...others] };
  } catch (error) {
    if (!(error instanceof Unfound)) throw error;
    return { ...{ line, start, end }, shows: [], fault: { fault: error.message, remedy: error.remedy } };
  }
}

const notation = 'Write ```diff title="path/of/file" with anchor="…", or with from="…" and to="…"; also="other/file".';

function hunksOf(stage: string, hunks: Hunk[], path: string): Hunk[] {
  const found = hunks.filter((hunk) => hunk.path === path);
  if (found.length > 0) return found;
  if (path === '') throw new Unfound('it names no file', notation);
  throw new Unfound(`${path} has no difference in ${stage}`, 'Name a file that this step adds, changes or removes.');
}

function also({ also }: Record<string, string>): string[] {
  return (also ?? '').split(',').flatMap((path) => path.trim() || []);
}

function equalHunk(hunks: Hunk[], path: string, { hunk }: Piece): Piece {
  const found = hunks.find((each) => changedText(each) === changedText(hunk));
  if (found) return { hunk: found, from: 0, to: found.lines.length - 1 };
  throw new Unfound(`${path} does not change in the same way as ${hunk.path}`, 'Show it in a separate block.');
}
