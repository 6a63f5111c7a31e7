import { cpSync, mkdirSync, readdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isSource } from '../plan/fingerprint.ts';
import { isAlive, recordOf, type ProcessRecord } from './processes.ts';

/** What Next.js builds, with what it keeps for the next build. */
const built = '.next';

/**
 * Lends the folder in which all stages' copies of a service are built, with this copy's sources in it. Next.js keeps what
 * it has compiled by its path, so a copy that is built here needs only what differs from the last one. It is as deep as
 * the service's folder: what is built refers to packages by relative paths.
 * @param directory the service's folder; its own build stays as it is
 * @param build gets the folder, and has it alone: whoever comes meanwhile waits
 */
export async function inBuildFolder(directory: string, build: (folder: string) => Promise<void>): Promise<void> {
  const folder = join(dirname(dirname(directory)), '.run', `build-${basename(directory)}`);
  mkdirSync(folder, { recursive: true });
  const lock = `${folder}.owner`;
  while (!take(lock)) await sleep(100);
  try {
    for (const name of readdirSync(folder)) if (name !== built) rmSync(join(folder, name), { recursive: true });
    cpSync(directory, folder, { recursive: true, filter: (path) => path === directory || isSource(basename(path)) });
    await build(folder);
  } finally {
    rmSync(lock);
  }
}

/** Notes who has the folder, in one step, unless somebody who still runs has it. */
function take(lock: string): boolean {
  try {
    symlinkSync(JSON.stringify(recordOf(process.pid)), lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const owner = ownerOf(lock);
    if (owner && !isAlive(owner)) rmSync(lock, { force: true });
    return false;
  }
}

/** @returns undefined if the folder has become free meanwhile */
function ownerOf(lock: string): ProcessRecord | undefined {
  try {
    return JSON.parse(readlinkSync(lock));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
