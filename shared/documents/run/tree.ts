import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { repositoryFiles } from '../pages.ts';

/** A copy of the repository, in which pages can be followed to the letter, including their edits. */
export interface Tree {
  root: string;
  [Symbol.dispose]: () => void;
}

/** Copies what is or could be committed into .run/; packages are shared with the original. */
export function copyTree(root: string): Tree {
  mkdirSync(join(root, '.run'), { recursive: true });
  const copy = mkdtempSync(join(root, '.run/documents-'));
  for (const file of repositoryFiles(root)) {
    // Deleted, and not committed yet.
    if (!existsSync(join(root, file))) continue;
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(root, file), join(copy, file), { preserveTimestamps: true });
  }
  // Old; otherwise make would reinstall all packages, through the link, while the original uses them.
  utimesSync(join(copy, 'package-lock.json'), 0, 0);
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  return { root: copy, [Symbol.dispose]: () => rmSync(copy, { recursive: true, force: true }) };
}
