import type { Hunk, Line } from './hunks.ts';

/** Lines of a hunk, from one place in it to another, both included. */
export interface Piece {
  hunk: Hunk;
  from: number;
  to: number;
}

/** A block cannot be filled; the message says why, the remedy what to do. */
export class Unfound extends Error {
  readonly remedy: string;

  constructor(message: string, remedy: string) {
    super(message);
    this.remedy = remedy;
  }
}

/**
 * The piece that a block quotes: the whole hunk of `anchor`; or from the line that `from` quotes to the end of its
 * paragraph, or of the paragraph that begins with the line that `to` quotes.
 * @param hunks those of the block's file
 * @throws Unfound when a quotation occurs nowhere, or more than once
 */
export function findPiece(hunks: Hunk[], { anchor, from, to }: Record<string, string>): Piece {
  const quote = anchor ?? from;
  if (!quote) throw new Unfound('it quotes no line', 'Add anchor="…" or from="…" with part of a line that it shows.');
  const { hunk, index } = findLine(hunks, quote);
  if (anchor) return { hunk, from: 0, to: hunk.lines.length - 1 };
  const last = to === undefined ? index : findLine([hunk], to).index;
  if (last < index) throw new Unfound(`"${to}" is before "${quote}"`, 'Swap from and to.');
  return { hunk, from: index, to: endOfParagraph(hunk.lines, last) };
}

interface Found {
  hunk: Hunk;
  index: number;
  line: Line;
}

/**
 * The line that has a quotation, among the changed lines or, where none of them has it, among the others. A line that
 * equals the quotation comes before one that only has it, and one that is indented alike before both.
 */
function findLine(hunks: Hunk[], quote: string): Found {
  const lines = hunks.flatMap((hunk) => hunk.lines.map((line, index) => ({ hunk, index, line })));
  const having = lines.filter(({ line }) => line.text.includes(quote));
  const changed = having.filter(({ line }) => line.sign !== ' ');
  const candidates = changed.length > 0 ? changed : having;
  const alike = candidates.filter(({ line }) => line.text === quote);
  const equal = candidates.filter(({ line }) => line.text.trim() === quote.trim());
  const [found, ...others] = [alike, equal].find((each) => each.length === 1) ?? candidates;
  if (!found) throw new Unfound(`no line of the difference has "${quote}"`, 'Quote a line that exists now.');
  if (others.length === 0) return found;
  throw new Unfound(
    `${others.length + 1} lines of the difference have "${quote}"`,
    'Quote more of the line with its indent, or another line of the hunk: it must occur once.',
  );
}

/** Whether a quotation finds this line and no other. */
export function isQuotation(hunks: Hunk[], quote: string, hunk: Hunk, index: number): boolean {
  try {
    const found = findLine(hunks, quote);
    return found.hunk === hunk && found.index === index;
  } catch (error) {
    if (error instanceof Unfound) return false;
    throw error;
  }
}

/** A paragraph ends before a blank line that nothing deeper follows, and where its surroundings end. */
export function endOfParagraph(lines: Line[], first: number): number {
  const depth = indentOf(lines[first]!);
  let last = first;
  for (let index = first + 1; index < lines.length; index++) {
    const line = lines[index]!;
    if (isBlank(line)) continue;
    const afterBlank = index - last > 1;
    if (indentOf(line) < depth || (afterBlank && indentOf(line) === depth)) break;
    last = index;
  }
  return last;
}

export function isBlank({ text }: Line): boolean {
  return text.trim() === '';
}

function indentOf({ text }: Line): number {
  return text.length - text.trimStart().length;
}
