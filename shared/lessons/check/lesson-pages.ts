import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { git } from '../git.ts';
import { manifestPath } from '../manifest.ts';
import { readLesson, type Lesson } from '../pages/lesson.ts';
import { lessonFaults } from '../pages/lesson-faults.ts';
import type { Fault } from './fault.ts';
import type { Project } from './project.ts';

/** Lesson pages that do not show their step as it is, that are missing, or that Git does not know. */
export function findBadLessons(project: Project): Fault[] {
  const { manifest, manifestLines } = project;
  const faults = lessonsOf(project).flatMap((lesson) => pageFaults(project, lesson));
  const unknown = manifest.lessons.pages.flatMap((stage, index) =>
    manifest.steps.some((step) => step.stage === stage)
      ? []
      : {
          ...{ file: manifestPath, line: manifestLines.lineOf(['lessons', 'pages', index]) },
          ...{ fault: `there is no ${stage}`, remedy: 'Remove it from the list of pages.' },
        },
  );
  return [...faults, ...unknown];
}

/** What `check` did not check on the pages, one line each. */
export function unfinishedLessons(project: Project): string[] {
  return lessonsOf(project).flatMap(({ step, file, text }) => {
    if (project.manifest.lessons.pages.includes(step.stage)) return [];
    if (text === undefined) return `Not checked: there is no ${file} yet.`;
    return `Not checked: ${file} may not show every hunk yet (make ${step.stage} lessons TODO=1).`;
  });
}

function lessonsOf({ root, scratch, manifest, steps }: Project): Lesson[] {
  return steps.map((step) => readLesson(root, scratch, manifest, step));
}

function pageFaults(project: Project, lesson: Lesson): Fault[] {
  const { stage } = lesson.step;
  const finished = project.manifest.lessons.pages.includes(stage);
  if (lesson.text === undefined) {
    const remedy = `Write it (make ${stage} lessons TODO=1 lists its hunks), or remove ${stage} from the list of pages.`;
    return finished ? [{ file: lesson.file, line: 1, fault: `${stage} has no lesson page`, remedy }] : [];
  }
  return [...untracked(project.root, lesson.file), ...lessonFaults(lesson, lesson.text, finished)];
}

function untracked(root: string, file: string): Fault[] {
  if (!existsSync(join(root, '.git')) || git(root, ['ls-files', '--', file]) !== '') return [];
  return [{ file, line: 1, fault: 'Git does not track this page', remedy: `Add it: git add ${file}` }];
}
