import { runGit } from '../lessons/git.ts';
import { Problem } from '../runtime/problem.ts';

/**
 * The stages in which anything has changed since main, committed or not: their own files, or files elsewhere in a folder
 * of their name, such as exercises.
 * @param root the repository's folder
 * @returns none where there is no Git, no repository or no main
 */
export function changedStages(root: string): Set<string> {
  const base = ask(root, ['merge-base', 'main', 'HEAD']);
  if (!base) return new Set();
  const changed = `${ask(root, ['diff', '--name-only', base])}\n${ask(root, ['ls-files', '--others', '--exclude-standard'])}`;
  return new Set(changed.split('\n').flatMap((path) => path.split('/').filter((part) => /^stage-\d+$/.test(part))));
}

function ask(root: string, args: string[]): string {
  try {
    const { output, code } = runGit(root, args, { answers: [1, 128] });
    return code === 0 ? output.trim() : '';
  } catch (error) {
    if (error instanceof Problem) return '';
    throw error;
  }
}
