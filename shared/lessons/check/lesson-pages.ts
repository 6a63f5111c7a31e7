import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { git } from '../git.ts';
import { manifestPath, type Manifest } from '../manifest.ts';
import { pageOf, readLesson, type Lesson } from '../pages/lesson.ts';
import { lessonFaults } from '../pages/lesson-faults.ts';
import type { Fault } from './fault.ts';
import type { Project } from './project.ts';

/** Lesson pages that do not show their step as it is, that are missing, or that Git does not know. */
export function findBadLessons(project: Project): Fault[] {
  const { root, manifest, manifestLines, steps } = project;
  const lessons = steps.map((step) => readLesson(root, manifest, step));
  const faults = [...untracked(root, lessons), ...lessons.flatMap((lesson) => pageFaults(manifest, lesson))];
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
  return project.steps.flatMap(({ stage }) => {
    if (project.manifest.lessons.pages.includes(stage)) return [];
    const file = pageOf(stage);
    if (!existsSync(join(project.root, file))) return `Not checked: there is no ${file} yet.`;
    return `Not checked: ${file} may not show every hunk yet (make ${stage} lessons TODO=1).`;
  });
}

function pageFaults({ lessons }: Manifest, lesson: Lesson): Fault[] {
  const { stage } = lesson.step;
  const finished = lessons.pages.includes(stage);
  if (lesson.text === undefined) {
    const remedy = `Write it (make ${stage} lessons TODO=1 lists its hunks), or remove ${stage} from the list of pages.`;
    return finished ? [{ file: lesson.file, line: 1, fault: `${stage} has no lesson page`, remedy }] : [];
  }
  return lessonFaults(lesson, lesson.text, finished);
}

function untracked(root: string, lessons: Lesson[]): Fault[] {
  const pages = lessons.flatMap(({ file, text }) => (text === undefined ? [] : file));
  if (pages.length === 0 || !existsSync(join(root, '.git'))) return [];
  const tracked = git(root, ['ls-files', '--', ...pages]).split('\n');
  return pages
    .filter((file) => !tracked.includes(file))
    .map((file) => ({ file, line: 1, fault: 'Git does not track this page', remedy: `Add it: git add ${file}` }));
}
