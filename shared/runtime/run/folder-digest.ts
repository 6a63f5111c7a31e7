import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file below a folder: its path from there, and its bytes. */
export interface FolderFile {
  path: string;
  content: Buffer;
}

/**
 * All files of a folder, in a fixed order.
 * @param isLeftOut decides by the name alone which files and folders do not count, at any depth
 */
export function filesOf(folder: string, isLeftOut: (name: string) => boolean, below = ''): FolderFile[] {
  const entries = readdirSync(join(folder, below), { withFileTypes: true }).filter(({ name }) => !isLeftOut(name));
  entries.sort((one, other) => (one.name < other.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = join(below, entry.name);
    return entry.isDirectory()
      ? filesOf(folder, isLeftOut, path)
      : [{ path, content: readFileSync(join(folder, path)) }];
  });
}

/** The same for the same files, wherever their folder is and whenever they were written. */
export function digestOf(files: FolderFile[]): string {
  const hash = createHash('sha256');
  for (const { path, content } of files) hash.update(`${path}\0${content.length}\0`).update(content);
  return hash.digest('hex');
}
