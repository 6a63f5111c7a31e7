import { matchesAny } from '../manifest.ts';
import type { Change } from '../steps.ts';
import type { Filled } from './fill-page.ts';
import { Unfound, type Piece } from './find-lines.ts';
import type { Lesson } from './lesson.ts';
import { renderMarker, type Marker } from './markers.ts';
import { telemetryTable } from './telemetry-table.ts';

/** The marker with what belongs between its two comments. */
export function fillMarker(lesson: Lesson, marker: Marker): Filled {
  const { line, start, end } = marker;
  try {
    const { content, shows } = contentOf(lesson, marker);
    return { ...{ line, start, end, shows }, text: renderMarker(marker, content) };
  } catch (error) {
    if (!(error instanceof Unfound)) throw error;
    return { ...{ line, start, end }, shows: [], fault: { fault: error.message, remedy: error.remedy } };
  }
}

function contentOf(lesson: Lesson, { name, given, beginsLine }: Marker): { content: string; shows: Piece[] } {
  if (name === 'telemetry') return { content: `\n\n${telemetryTable(...lesson.contracts)}`, shows: [] };
  if (name === 'same') return same(lesson, given);
  const globs = lesson.manifest.lessons.told[name];
  const names = ['telemetry', 'same', ...Object.keys(lesson.manifest.lessons.told)];
  if (!globs) throw new Unfound(`"${name}" is not a marker`, `The markers are ${names.join(', ')}.`);
  if (beginsLine) throw new Unfound(`<!-- ${name} --> begins a line`, 'Write a word before it, or it is not Markdown.');
  const changes = lesson.step.changes.filter(({ path }) => matchesAny(path, globs));
  if (changes.length === 0) throw new Unfound(`this step changes no ${name}`, 'Remove the paragraph.');
  return { content: countsOf(changes), shows: [] };
}

/** `3 files, 120 lines added, 4 removed` */
export function countsOf(changes: Change[]): string {
  const count = (key: 'added' | 'deleted'): number => changes.reduce((sum, change) => sum + change[key], 0);
  const files = `${changes.length} ${changes.length === 1 ? 'file' : 'files'}`;
  return `${files}, ${count('added')} ${count('added') === 1 ? 'line' : 'lines'} added, ${count('deleted')} removed`;
}

/** New files that equal another file of the stage, one per line: `new = other`. */
function same({ step, hunks }: Lesson, given: string): { content: string; shows: Piece[] } {
  const pairs = given.split('\n').map((line) => line.split('=').map((path) => path.trim()));
  for (const [path = '', other = ''] of pairs) {
    const form = 'Write a line for each new file: path/of/new-file = path/of/equal-file';
    if (!path || !other || path === other) throw new Unfound(`the list does not say which file "${path}" equals`, form);
    if (!hunks.some((hunk) => hunk.path === path && hunk.isNew)) {
      throw new Unfound(`${path} is not new in ${step.stage}`, form);
    }
    if (step.ids.get(path) !== step.ids.get(other))
      throw new Unfound(`${path} does not equal ${other}`, 'Show it in a block.');
  }
  const shown = hunks.filter(({ path }) => pairs.some(([file]) => file === path));
  const lines = pairs.map(([path, other]) => `- \`${path}\` equals \`${other}\`, byte for byte`);
  return {
    content: `\n\n${lines.join('\n')}`,
    shows: shown.map((hunk) => ({ hunk, from: 0, to: hunk.lines.length - 1 })),
  };
}
