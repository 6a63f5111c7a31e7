import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { git } from '../git.ts';
import { smallFiles } from './small-files.ts';

/** A Git repository of its own, in a temporary folder, with a baseline and three small stages that `check` finds fine. */
export interface SmallRepository extends Disposable {
  root: string;
  git: (...args: string[]) => string;
  read: (file: string) => string;
  write: (file: string, text: string) => void;
  /** Replaces a part of a file that must be there. */
  edit: (file: string, part: string, by: string) => void;
  remove: (file: string) => void;
  move: (from: string, to: string) => void;
  commit: (message: string) => void;
}

/** Opens it, with everything committed on the branch main. */
export function openSmallRepository(files: Record<string, string> = smallFiles()): SmallRepository {
  const root = mkdtempSync(join(tmpdir(), 'small-'));
  cpSync(original(files), root, { recursive: true });
  return handle(root);
}

/** By its files: a repository that is made once and copied for each test, since Git takes its time. */
const originals = new Map<string, string>();

function original(files: Record<string, string>): string {
  const key = JSON.stringify(files);
  const known = originals.get(key);
  if (known !== undefined) return known;
  const root = mkdtempSync(join(tmpdir(), 'small-original-'));
  process.once('exit', () => rmSync(root, { recursive: true, force: true }));
  const repository = handle(root);
  repository.git('init', '--quiet', '--initial-branch=main');
  Object.entries(files).forEach(([file, text]) => repository.write(file, text));
  repository.commit('start');
  originals.set(key, root);
  return root;
}

function handle(root: string): SmallRepository {
  const run = (...args: string[]): string => git(root, args);
  const read = (file: string): string => readFileSync(join(root, file), 'utf8');
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  };
  return {
    ...{ root, git: run, read, write },
    edit: (file, part, by) => {
      const text = read(file);
      if (!text.includes(part)) throw new Error(`${file} has no "${part}"`);
      write(file, text.replace(part, by));
    },
    remove: (file) => rmSync(join(root, file)),
    move: (from, to) => renameSync(join(root, from), join(root, to)),
    commit: (message) => commitAll(run, message),
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  };
}

function commitAll(run: (...args: string[]) => string, message: string): void {
  run('add', '--all');
  const who = ['-c', 'user.name=learner', '-c', 'user.email=learner@example.com', '-c', 'commit.gpgsign=false'];
  run(...who, 'commit', '--quiet', '--message', message);
}
