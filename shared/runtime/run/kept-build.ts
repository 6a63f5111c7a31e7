import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

/** Kept by Next.js from one build to the next, whether they succeed or not. */
const cache = 'cache';

/**
 * Keeps a copy of a finished build while the next one overwrites it, since a server may be running from it.
 * @returns puts the copy back, and removes it; where there is no build yet, they do nothing
 */
export function keepBuild(build: string): { restore: () => void; forget: () => void } {
  if (!existsSync(build)) return { restore: () => undefined, forget: () => undefined };
  const copy = mkdtempSync(join(tmpdir(), 'build-'));
  const all = { recursive: true, verbatimSymlinks: true };
  cpSync(build, copy, { ...all, filter: (path) => path === build || basename(path) !== cache });
  return {
    restore: () => {
      mkdirSync(build, { recursive: true });
      for (const name of readdirSync(build)) if (name !== cache) rmSync(join(build, name), { recursive: true });
      cpSync(copy, build, all);
    },
    forget: () => rmSync(copy, { recursive: true, force: true }),
  };
}
