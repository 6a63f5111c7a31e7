import { unshownHunks, type Unshown } from './coverage.ts';
import { fillPage } from './fill-page.ts';
import { endOfParagraph, isBlank, isQuotation } from './find-lines.ts';
import { changedText, countedHunks, type Hunk } from './hunks.ts';
import { untold } from './lesson-faults.ts';
import type { Lesson } from './lesson.ts';

/** A hunk longer than this reads better in pieces. */
const longHunk = 40;

/** What no block of a step's page shows yet: a line of counts, and with `details` each hunk with a fence to paste. */
export function lessonTodo(lesson: Lesson, details: boolean): string {
  const { step, file, text, manifest, hunks } = lesson;
  const { parts, markers } = fillPage(lesson, text ?? '');
  const pieces = parts.flatMap(({ shows }) => shows);
  const open = unshownHunks(lesson, pieces);
  const all = countedHunks(manifest, hunks);
  const lines = open.reduce((sum, { missing }) => sum + missing.length, 0);
  const untoldNames = untold(lesson, markers);
  const title = `${step.stage}: ${all.length - open.length} of ${all.length} hunks shown in ${file}, ${lines} changed lines remain`;
  if (!details) return `${title} (make ${step.stage} lessons TODO=1 lists them)`;
  return [
    title,
    ...(untoldNames.length > 0
      ? [`Not shown yet: ${untoldNames.map((name) => `<!-- ${name} --><!-- /${name} -->`).join(', ')}`]
      : []),
    ...open.map((unshown) => `\n${describe(lesson, unshown, open)}`),
    '',
  ].join('\n');
}

function describe(lesson: Lesson, unshown: Unshown, open: Unshown[]): string {
  const { hunk, missing } = unshown;
  const count = (sign: string): number => missing.filter((index) => hunk.lines[index]!.sign === sign).length;
  const where = `${lesson.step.stage}/${hunk.path}:${hunk.start}`;
  return [
    `${where}  +${count('+')} -${count('-')}${hunk.isNew ? '  new file' : ''}${equals(lesson, hunk)}`,
    ...fences(lesson, unshown, twins(hunk, open)).map((line) => `    ${line}`),
  ].join('\n');
}

function equals({ step: { ids } }: Lesson, { path, isNew }: Hunk): string {
  const other = [...ids].find(([each, id]) => isNew && each !== path && id === ids.get(path));
  return other ? `, or list it under <!-- same: ${path} = ${other[0]}` : '';
}

/** Other files that change in the same way. */
function twins(hunk: Hunk, open: Unshown[]): string {
  const same = open.filter((each) => each.hunk.path !== hunk.path && changedText(each.hunk) === changedText(hunk));
  return same.length > 0 ? ` also="${same.map((each) => each.hunk.path).join(', ')}"` : '';
}

/** Fences ready to paste: one for the hunk, or one for each paragraph of a long one. */
function fences({ hunks }: Lesson, { hunk, missing, whole }: Unshown, also: string): string[] {
  const own = hunks.filter(({ path }) => path === hunk.path);
  const unchanged = hunk.lines.flatMap(({ sign }, index) => (sign === ' ' ? index : []));
  const anchor = whole && (quoteOf(own, hunk, missing) ?? quoteOf(own, hunk, unchanged));
  const line = anchor ? [`${fence(hunk, 'anchor', anchor)}${also}`] : [];
  if (anchor && missing.length <= longHunk) return line;
  const pieces = paragraphs(hunk, missing).map(([first, last]) => {
    const quote = quoteOf(own, hunk, [first]);
    const what = quote === undefined ? hunk.lines[first]!.text : fence(hunk, 'from', quote);
    return `${what}  (${last - first + 1} lines)`;
  });
  return [...line, ...pieces];
}

function fence({ path }: Hunk, name: string, quote: string): string {
  return `\`\`\`diff title="${path}" ${name}=${quote.includes('"') ? `'${quote}'` : `"${quote}"`}`;
}

/** The first of these lines that a block can quote; lines that say little come last. */
function quoteOf(own: Hunk[], hunk: Hunk, candidates: number[]): string | undefined {
  const quotes = candidates.flatMap((index) => {
    const { text } = hunk.lines[index]!;
    return [text.trim(), text].filter((quote) => isQuotation(own, quote, hunk, index) && isWritable(quote));
  });
  return quotes.find((quote) => quote.length > 6 && !/^(import|#|\/\/|name:) /.test(quote)) ?? quotes[0];
}

/** Markdown allows no backtick after a fence, and a quotation has one kind of quotes. */
function isWritable(quote: string): boolean {
  return quote.trim() !== '' && !quote.includes('`') && !(quote.includes('"') && quote.includes("'"));
}

function paragraphs({ lines }: Hunk, missing: number[]): [first: number, last: number][] {
  const found: [number, number][] = [];
  let next = 0;
  for (const index of missing) {
    if (index < next || isBlank(lines[index]!)) continue;
    const last = endOfParagraph(lines, index);
    found.push([index, last]);
    next = last + 1;
  }
  return found;
}
