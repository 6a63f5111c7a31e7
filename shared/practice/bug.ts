import { git, runGit } from '../lessons/git.ts';
import { repositoryRoot } from '../runtime/places.ts';
import { Problem } from '../runtime/problem.ts';
import type { Exercise } from './exercise.ts';

type Patched = Pick<Exercise, 'stage' | 'name' | 'bug'>;

/** Whether a stage has changes that are not committed. */
export function isDirty(stage: string, root = repositoryRoot): boolean {
  return git(root, ['status', '--porcelain', '--', stage]) !== '';
}

/**
 * Puts an exercise's bug into the stage.
 * @throws Problem when there is no bug to put in, or when the stage has changes that it could get mixed up with
 */
export function start(exercise: Patched, root = repositoryRoot): void {
  const { stage, bug } = exercise;
  filesOf(exercise);
  if (isDirty(stage, root)) {
    throw new Problem(`${stage} has changes that are not committed. Commit or stash them first: git stash -- ${stage}`);
  }
  runGit(root, ['apply', '-'], { input: bug! });
}

/**
 * Removes the bug, and with it every other change to the files that it is in.
 * @returns those files
 */
export function reset(exercise: Patched, root = repositoryRoot): string[] {
  const files = filesOf(exercise);
  git(root, ['checkout', 'HEAD', '--', ...files]);
  return files;
}

/** The files that the bug's patch changes. */
export function filesOf({ name, bug }: Pick<Exercise, 'name' | 'bug'>): string[] {
  if (!bug) throw new Problem(`${name} has no bug to start with: it asks for something new.`);
  return [...bug.matchAll(/^\+\+\+ b\/(.+)$/gm)].map(([, file]) => file!);
}
