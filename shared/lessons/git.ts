import { spawnSync } from 'node:child_process';
import { Problem } from '../runtime/problem.ts';

export interface GitOptions {
  input?: string;
  /** Added to the environment. */
  environment?: Record<string, string>;
  /** Exit codes other than 0 that are answers, not errors: `git merge-tree` exits with 1 for a conflict. */
  answers?: number[];
}

/**
 * Variables that a hook or a wrapper may have set: with them, Git would use a repository other than the folder's own.
 */
const redirections = /^GIT_(DIR|WORK_TREE|INDEX_FILE|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|COMMON_DIR|PREFIX)$/;

function environmentOf(added: Record<string, string> = {}): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !redirections.test(name));
  return { ...Object.fromEntries(own), LC_ALL: 'C', ...added };
}

/**
 * Runs Git in a folder.
 * @returns what it printed, and its exit code
 * @throws Problem with what Git said, when it fails or is missing
 */
export function runGit(folder: string, args: string[], options: GitOptions = {}): { output: string; code: number } {
  const { input, environment, answers = [] } = options;
  const { stdout, stderr, status, error } = spawnSync('git', args, {
    ...{ cwd: folder, input, env: environmentOf(environment), encoding: 'utf8', maxBuffer: 2 ** 30 },
  });
  if (error) throw new Problem(`This needs git: ${error.message}`);
  if (status !== 0 && !answers.includes(status ?? -1)) {
    throw new Problem(`git ${args.join(' ')}\n${(stderr || stdout).trim()}`);
  }
  return { output: stdout, code: status ?? -1 };
}

/** What Git prints, without the line break at its end; throws as runGit does. */
export function git(folder: string, args: string[], options?: GitOptions): string {
  return runGit(folder, args, options).output.trimEnd();
}

/**
 * The full id of a revision's commit or tree, or undefined where there is none.
 * @throws Problem with what Git said, when it refuses the repository: another user's, say
 */
export function resolveRevision(folder: string, revision: string): string | undefined {
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', revision];
  const { output, code } = runGit(folder, args, { answers: [1] });
  return code === 0 ? output.trim() : undefined;
}
