import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { git, runGit, type GitOptions } from './git.ts';

/** A separate Git repository next to the real one, so that comparing and merging leaves nothing behind. */
export interface Scratch extends Disposable {
  /** Runs Git in it, with the real repository's files as its work tree and its objects within reach. */
  git: (args: string[], options?: GitOptions) => string;
  /** The same, with the exit code, for commands whose exit code is the answer. */
  run: (args: string[], options?: GitOptions) => { output: string; code: number };
  /** The tree of these folders as they are on disk now, committed or not; what .gitignore names is left out. */
  snapshot: (folders: string[]) => string;
  /** The tree that has each of these trees at its path. */
  assemble: (trees: Record<string, string>) => string;
}

/** The reader's own settings must not change what is compared, nor what is merged. */
const neutral = {
  ...{ GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
  ...{ GIT_AUTHOR_NAME: 'scratch', GIT_AUTHOR_EMAIL: 'scratch@localhost' },
  ...{ GIT_COMMITTER_NAME: 'scratch', GIT_COMMITTER_EMAIL: 'scratch@localhost' },
};

/** Commands about trees, which never change: a tree's name is a digest of what is in it. */
const aboutTrees = ['diff-tree', 'ls-tree'];
/** What they have said, by their arguments. */
const answers = new Map<string, string>();

/**
 * Opens a scratch repository on a folder, which need not be a Git repository itself: a downloaded archive works, too.
 */
export function openScratch(root: string): Scratch {
  const directory = mkdtempSync(join(tmpdir(), 'lessons-'));
  git(directory, ['init', '--quiet', '--bare', '--template=', '.'], { environment: neutral });
  mkdirSync(join(directory, 'objects/info'), { recursive: true });
  borrowObjects(root, directory);
  const environment = { ...neutral, GIT_DIR: directory, GIT_WORK_TREE: root };
  const run: Scratch['run'] = (args, options = {}) =>
    runGit(root, args, { ...options, environment: { ...environment, ...options.environment } });
  const print: Scratch['git'] = (args, options) => {
    const known = answers.get(args.join('\0'));
    if (known !== undefined) return known;
    const output = run(args, options).output.trimEnd();
    if (aboutTrees.includes(args[0]!)) answers.set(args.join('\0'), output);
    return output;
  };
  return {
    git: print,
    run,
    snapshot: (folders) => snapshot(print, root, folders),
    assemble: (trees) => assemble(print, trees),
    [Symbol.dispose]: () => rmSync(directory, { recursive: true, force: true }),
  };
}

function borrowObjects(root: string, directory: string): void {
  if (!existsSync(join(root, '.git'))) return;
  const objects = resolve(root, git(root, ['rev-parse', '--git-path', 'objects']));
  writeFileSync(join(directory, 'objects/info/alternates'), `${objects}\n`);
}

function snapshot(print: Scratch['git'], root: string, folders: string[]): string {
  print(['read-tree', '--empty']);
  const present = folders.filter((folder) => existsSync(join(root, folder)));
  if (present.length > 0) print(['add', '--ignore-errors', '--', ...present]);
  return print(['write-tree']);
}

function assemble(print: Scratch['git'], trees: Record<string, string>): string {
  print(['read-tree', '--empty']);
  for (const [path, tree] of Object.entries(trees)) {
    print(path === '' ? ['read-tree', tree] : ['read-tree', `--prefix=${path}/`, tree]);
  }
  return print(['write-tree']);
}
