import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { git } from '../git.ts';
import { smallFiles } from './small-files.ts';

/** The files of a small repository: a baseline and three stages that `check` finds fine. */
export interface SmallFolder extends Disposable {
  root: string;
  read: (file: string) => string;
  write: (file: string, text: string) => void;
  /** Replaces a part of a file that must be there. */
  edit: (file: string, part: string, by: string) => void;
  /** Removes a file or a folder. */
  remove: (path: string) => void;
  move: (from: string, to: string) => void;
}

/** The same with its Git, in a temporary folder. */
export interface SmallRepository extends SmallFolder {
  git: (...args: string[]) => string;
  commit: (message: string) => void;
}

/** Opens a separate repository, with everything committed on the branch main. */
export function openSmallRepository(files: Record<string, string> = smallFiles()): SmallRepository {
  const root = mkdtempSync(join(tmpdir(), 'small-'));
  cpSync(original(files), root, { recursive: true });
  return { ...repositoryIn(root), [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }) };
}

/** Opens the one that all tests of a file share, and that gets its files back afterwards. None may use its Git. */
export function borrowSmallRepository(files: Record<string, string> = smallFiles()): SmallFolder {
  return folderIn(original(files));
}

/** By its files: a repository that is made once, since Git takes its time. */
const originals = new Map<string, string>();

function original(files: Record<string, string>): string {
  const key = JSON.stringify(files);
  const known = originals.get(key);
  if (known !== undefined) return known;
  const root = mkdtempSync(join(tmpdir(), 'small-original-'));
  process.once('exit', () => rmSync(root, { recursive: true, force: true }));
  const repository = repositoryIn(root);
  repository.git('init', '--quiet', '--initial-branch=main', '--template=');
  Object.entries(files).forEach(([file, text]) => repository.write(file, text));
  repository.commit('start');
  repository.git('repack', '-adq');
  originals.set(key, root);
  return root;
}

function repositoryIn(root: string): SmallRepository {
  const run = (...args: string[]): string => git(root, args);
  return { ...folderIn(root), git: run, commit: (message) => commitAll(run, message) };
}

function folderIn(root: string): SmallFolder {
  const undo: (() => void)[] = [];
  const read = (file: string): string => readFileSync(join(root, file), 'utf8');
  const write = (file: string, text: string): void => {
    const path = join(root, file);
    const made = mkdirSync(dirname(path), { recursive: true });
    const before = existsSync(path) ? read(file) : undefined;
    undo.push(() => (before === undefined ? rmSync(made ?? path, { recursive: true }) : writeFileSync(path, before)));
    writeFileSync(path, text);
  };
  const move = (from: string, to: string): void => {
    undo.push(() => renameSync(join(root, to), join(root, from)));
    renameSync(join(root, from), join(root, to));
  };
  return {
    ...{ root, read, write, move },
    edit: (file, part, by) => {
      const text = read(file);
      if (!text.includes(part)) throw new Error(`${file} has no "${part}"`);
      write(file, text.replace(part, by));
    },
    remove: (path) => move(path, `.git/removed-${undo.length}`),
    [Symbol.dispose]: () => undo.reverse().forEach((back) => back()),
  };
}

function commitAll(run: (...args: string[]) => string, message: string): void {
  run('add', '--all');
  const who = ['-c', 'user.name=learner', '-c', 'user.email=learner@example.com', '-c', 'commit.gpgsign=false'];
  run(...who, 'commit', '--quiet', '--message', message);
}
