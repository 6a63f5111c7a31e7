import { existsSync, lstatSync, readFileSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

interface Link {
  /** Both relative to the package's folder. */
  source: string;
  target: string;
}

/**
 * Makes the symbolic links that the embedded PostgreSQL needs beside its libraries. npm packages hold no links, so the
 * package makes them when it is installed, unless npm's `ignore-scripts` is set. Any other PostgreSQL is left
 * unchanged.
 * @param binary the real path of `postgres`
 */
export function linkLibraries(binary: string): void {
  const native = dirname(dirname(binary));
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links: Link[] = JSON.parse(readFileSync(list, 'utf8'));
  for (const { source, target } of links) {
    const path = join(dirname(native), target);
    if (!lstatSync(path, { throwIfNoEntry: false })) symlinkSync(basename(source), path);
  }
}
