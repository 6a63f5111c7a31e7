import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../../runtime/problem.ts';
import { showFault } from '../check/fault.ts';
import { readManifest } from '../manifest.ts';
import { openScratch } from '../scratch.ts';
import { folderBefore, readStep } from '../steps.ts';
import { fillPage } from './fill-page.ts';
import { lessonFaults } from './lesson-faults.ts';
import { readLesson, type Lesson } from './lesson.ts';
import { lessonTodo } from './todo.ts';

export interface LessonOptions {
  /** Lists what is left to do, and writes nothing. */
  todo: boolean;
}

/**
 * Fills the code blocks, tables and counts of the lesson pages from the folders.
 * @param stage one stage, or all
 * @returns what to print, and whether a page has a fault
 * @throws Problem for a stage that does not exist
 */
export function fillLessons(root: string, stage: string | undefined, { todo }: LessonOptions) {
  using scratch = openScratch(root);
  const lessons = readLessons(root, scratch, stage);
  if (todo)
    return { report: lessons.map((lesson) => lessonTodo(lesson, stage !== undefined)).join('\n'), failed: false };
  const reports = lessons.map((lesson) => fillOne(root, lesson));
  return {
    report: reports.flatMap(({ lines }) => lines).join('\n'),
    failed: reports.some(({ failed }) => failed),
  };
}

function readLessons(root: string, scratch: ReturnType<typeof openScratch>, stage: string | undefined): Lesson[] {
  const manifest = readManifest(root);
  const stages = manifest.steps.map((step) => step.stage);
  if (stage && !stages.includes(stage)) throw new Problem(`There is no ${stage}. Stages: ${stages.join(', ')}.`);
  const snapshot = scratch.snapshot([folderBefore(manifest, 0), ...stages]);
  return manifest.steps.flatMap((step, index) => {
    if (stage && step.stage !== stage) return [];
    const found = readStep(scratch, snapshot, manifest, index);
    return found ? readLesson(root, manifest, found) : [];
  });
}

function fillOne(root: string, lesson: Lesson): { lines: string[]; failed: boolean } {
  const { file, step, text, manifest } = lesson;
  if (text === undefined) return { lines: [`${file}: not written yet`], failed: false };
  const filled = fillPage(lesson, text).text;
  if (filled !== text) writeFileSync(join(root, file), filled);
  const faults = lessonFaults(lesson, filled, manifest.lessons.pages.includes(step.stage));
  return {
    lines: [...faults.map(showFault), `${file}: ${filled === text ? 'nothing to fill' : 'filled'}`],
    failed: faults.length > 0,
  };
}
