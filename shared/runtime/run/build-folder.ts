import { cpSync, mkdirSync, readdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isSource } from '../plan/fingerprint.ts';
import { isAlive, recordOf, type ProcessRecord } from './processes.ts';

/** What Next.js builds, with what it keeps for the next build. */
const built = '.next';

/**
 * Lends the folder in which every stage's copy of a service is built, with this copy's sources in it. Next.js keeps
 * compiled files by their path, so a build in this folder compiles only what differs from the last one. The folder is as
 * deep as the service's, because a build refers to packages by relative paths.
 * @param directory the service's folder; its own build stays as it is
 * @param build gets the folder for itself; other builds wait
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

/** Takes the folder for this process, in one step, unless another that still runs has it. */
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
