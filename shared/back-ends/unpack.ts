import { chmodSync, createWriteStream, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import picomatch from 'picomatch';
import { extract } from 'tar';
import { openPromise } from 'yauzl';
import { messageOf, Problem } from '../runtime/problem.ts';
import type { Archive } from './releases.ts';

/**
 * Unpacks the program and what it needs, and nothing else. The folder appears only once it is complete.
 * @throws Problem for an archive that cannot be read, or does not contain the program
 */
export async function unpack(file: string, archive: Archive, folder: string): Promise<void> {
  const { program, runsAs, keep, strip } = archive;
  const scratch = `${folder}.partial`;
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(scratch, { recursive: true });
  const isKept = picomatch([program, ...keep], { dot: true });
  const inside = (path: string): string => path.replace(/^\.\//, '').split('/').slice(strip).join('/');
  const isWanted = (path: string): boolean => isKept(inside(path));
  try {
    if (file.endsWith('.zip')) await unzip(file, scratch, isWanted, inside);
    else await extract({ file, cwd: scratch, strip, filter: isWanted });
  } catch (error) {
    throw isFull(error) ? error : new Problem(`${file} cannot be unpacked: ${messageOf(error)}`);
  }
  if (!existsSync(join(scratch, program)))
    throw new Problem(`${file} does not contain ${program}. See back-ends.yaml.`);
  renameSync(join(scratch, program), join(scratch, runsAs));
  chmodSync(join(scratch, runsAs), 0o755);
  rmSync(folder, { recursive: true, force: true });
  renameSync(scratch, folder);
}

/** Whether the disk is full. */
export function isFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '');
}

/** The library refuses names that lead out of the folder. */
async function unzip(
  file: string,
  folder: string,
  isWanted: (path: string) => boolean,
  inside: (path: string) => string,
): Promise<void> {
  const zip = await openPromise(file);
  for await (const entry of zip.eachEntry()) {
    if (entry.fileName.endsWith('/') || !isWanted(entry.fileName)) continue;
    const target = join(folder, inside(entry.fileName));
    mkdirSync(dirname(target), { recursive: true });
    await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(target));
  }
}
