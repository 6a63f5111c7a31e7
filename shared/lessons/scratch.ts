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
  /** These folders and files as they are on disk now, committed or not; what .gitignore names is left out. */
  snapshot: (paths: string[]) => Snapshot;
  /** The tree that has this tree at a path, and nothing else. */
  nest: (path: string, tree: string) => string;
}

/** Git's ids, by path from the repository's root: what is equal has the same id. */
export interface Snapshot {
  files: Map<string, string>;
  /** Their ids are those of trees. */
  folders: Map<string, string>;
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
  // What a folder needs to be a repository: see gitrepository-layout(5).
  for (const folder of ['objects/info', 'refs']) mkdirSync(join(directory, folder), { recursive: true });
  writeFileSync(join(directory, 'HEAD'), 'ref: refs/heads/main\n');
  borrowObjects(root, directory);
  const environment = { ...neutral, GIT_DIR: directory, GIT_WORK_TREE: root };
  const run: Scratch['run'] = (args, options = {}) =>
    runGit(root, args, { ...options, environment: { ...environment, ...options.environment } });
  const print: Scratch['git'] = (args, options) => {
    const known = answers.get(args.join('\0'));
    if (known !== undefined) return known;
    const output = run(args, options).output.replace(/\n$/, '');
    if (aboutTrees.includes(args[0]!)) answers.set(args.join('\0'), output);
    return output;
  };
  return {
    git: print,
    run,
    snapshot: (paths) => snapshot(print, root, directory, paths),
    nest: (path, tree) => nest(print, path, tree),
    [Symbol.dispose]: () => rmSync(directory, { recursive: true, force: true }),
  };
}

function borrowObjects(root: string, directory: string): void {
  if (!existsSync(join(root, '.git'))) return;
  const own = join(root, '.git/objects');
  // In a linked work tree, .git is a file that says where the repository is.
  const objects = existsSync(own) ? own : resolve(root, git(root, ['rev-parse', '--git-path', 'objects']));
  writeFileSync(join(directory, 'objects/info/alternates'), `${objects}\n`);
}

function snapshot(print: Scratch['git'], root: string, directory: string, paths: string[]): Snapshot {
  rmSync(join(directory, 'index'), { force: true });
  const present = paths.filter((path) => existsSync(join(root, path)));
  if (present.length > 0) print(['add', '--ignore-errors', '--', ...present]);
  const lines = print(['ls-tree', '-r', '-t', '-z', print(['write-tree'])])
    .split('\0')
    .filter(Boolean);
  const entries = lines.map((line) => /^\d+ (\w+) (\w+)\t([^]*)$/.exec(line)!.slice(1) as [string, string, string]);
  const idsOf = (isWanted: (type: string) => boolean): Map<string, string> =>
    new Map(entries.filter(([type]) => isWanted(type)).map(([, id, path]) => [path, id]));
  return { files: idsOf((type) => type !== 'tree'), folders: idsOf((type) => type === 'tree') };
}

function nest(print: Scratch['git'], path: string, tree: string): string {
  return path
    .split('/')
    .reduceRight((inner, name) => print(['mktree'], { input: `040000 tree ${inner}\t${name}\n` }), tree);
}
