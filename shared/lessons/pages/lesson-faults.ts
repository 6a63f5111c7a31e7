import type { Fault } from '../check/fault.ts';
import { manifestPath, matchesAny } from '../manifest.ts';
import { unshownHunks, type Unshown } from './coverage.ts';
import { fillPage, type FilledPage } from './fill-page.ts';
import type { Lesson } from './lesson.ts';
import type { Marker } from './markers.ts';
import { lineAt } from './parse-page.ts';

/**
 * What is wrong with a page.
 * @param finished it is listed in the manifest, so it must show every hunk; other pages need not yet
 */
export function lessonFaults(lesson: Lesson, text: string, finished: boolean): Fault[] {
  const page = fillPage(lesson, text);
  const faults = [
    ...unfilled(page),
    ...stale(lesson, text, page),
    ...unexplained(page),
    ...withoutTelemetry(page),
    ...(finished ? incomplete(lesson, text, page) : finishedButUnlisted(lesson, text, page)),
  ];
  return faults.map((fault) => ({ file: lesson.file, ...fault })).sort((one, other) => one.line - other.line);
}

type PageFault = Omit<Fault, 'file'> & { file?: string };

function unfilled({ parts }: FilledPage): PageFault[] {
  return parts.flatMap(({ line, fault }) => (fault ? { line, ...fault } : []));
}

function stale({ step }: Lesson, text: string, { parts }: FilledPage): PageFault[] {
  return parts
    .filter((part) => part.text !== undefined && part.text !== text.slice(part.start, part.end))
    .map(({ line }) => ({
      ...{ line, fault: `this is not what ${step.stage} has` },
      remedy: 'Fill it again: make lessons. Then read whether the prose beside it is still true.',
    }));
}

/** A paragraph explains one block, before or after it. */
function unexplained({ blocks, markers }: FilledPage): PageFault[] {
  const taken = new Set<number>();
  const alone = blocks.filter(({ neighbours }) => {
    const own = neighbours.find((place) => !taken.has(place));
    if (own !== undefined) taken.add(own);
    return own === undefined;
  });
  const same = markers.filter(({ name, explained }) => name === 'same' && !explained);
  return [...alone, ...same].map(({ line }) => ({
    ...{ line, fault: 'nothing explains this code' },
    remedy: 'Write a sentence right before or after it that belongs to no other block.',
  }));
}

function withoutTelemetry({ blocks: [first], markers }: FilledPage): PageFault[] {
  const table = markers.find(({ name }) => name === 'telemetry');
  if (table && (!first || table.start < first.start)) return [];
  return [
    {
      ...{ line: table?.line ?? 1, fault: 'the page does not begin with what the step does to telemetry' },
      remedy: 'Put <!-- telemetry --><!-- /telemetry --> before the first block, and run make lessons.',
    },
  ];
}

function incomplete(lesson: Lesson, text: string, page: FilledPage): PageFault[] {
  const { stage } = lesson.step;
  const hunks = unshownHunks(
    lesson,
    page.parts.flatMap(({ shows }) => shows),
  );
  return [
    ...hunks.map((unshown) => ({
      ...{ file: `${stage}/${unshown.hunk.path}`, line: lineOf(unshown) },
      fault: `${lesson.file} does not show ${unshown.whole ? 'this hunk' : `all of this hunk: ${unshown.missing.length} lines are missing`}`,
      remedy: `Show it in a block (make ${stage} lessons TODO=1 has its anchors), with a sentence that says why.`,
    })),
    ...untold(lesson, page.markers).map((name) => ({
      ...{ line: lineAt(text, text.length), fault: `the page does not say how the ${name} of this step change` },
      remedy: `Write a paragraph with <!-- ${name} --><!-- /${name} --> in it, and run make lessons.`,
    })),
  ];
}

/** The line in the new file of the first line that is missing. */
function lineOf({ hunk, missing }: Unshown): number {
  const before = hunk.lines.slice(0, missing[0] ?? 0).filter(({ sign }) => sign !== '-');
  return Math.max(1, hunk.start + before.length);
}

/** What changes in the step, is shown as counts only, and is missing from the page. */
export function untold({ step, manifest }: Lesson, markers: Marker[]): string[] {
  const told = markers.map(({ name }) => name);
  return Object.entries(manifest.lessons.told)
    .filter(([name, globs]) => !told.includes(name) && step.changes.some(({ path }) => matchesAny(path, globs)))
    .map(([name]) => name);
}

function finishedButUnlisted(lesson: Lesson, text: string, page: FilledPage): PageFault[] {
  if (incomplete(lesson, text, page).length > 0) return [];
  return [
    {
      ...{ line: 1, fault: 'the page shows every hunk, but no check keeps it complete' },
      remedy: `Add ${lesson.step.stage} to "pages" under "lessons" in ${manifestPath}.`,
    },
  ];
}
