import { createHash } from 'node:crypto';
import { createWriteStream, existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { create, list, type ReadEntry } from 'tar';
import { z } from 'zod';
import { digestOfFile } from '../back-ends/digests.ts';
import { messageOf, Problem } from '../runtime/problem.ts';

export const manifestName = 'manifest.json';
export const imagesName = 'images.tar.gz';
/** As npm names it in the folder of its cache. */
export const npmName = 'npm/_cacache';

const manifest = z.object({
  format: z.literal(1),
  stages: z.array(z.string()),
  /** Of the images; undefined where there are none. */
  architecture: z.string().optional(),
  images: z.array(z.string()),
  packages: z.array(z.object({ name: z.string(), version: z.string(), integrity: z.string() })),
  /** The SHA-256 of each other file in the archive. */
  files: z.record(z.string(), z.string()),
});

/** What an archive holds. */
export type Manifest = z.infer<typeof manifest>;

/**
 * Writes the files of a folder as one archive, its manifest first. The archive appears when it is whole.
 * @param about what the manifest says beside the files' digests
 */
export async function writeArchive(
  folder: string,
  file: string,
  about: Omit<Manifest, 'files'>,
  signal: AbortSignal,
): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const files: Manifest['files'] = {};
  for (const path of paths.sort()) files[relative(folder, path).replaceAll(sep, '/')] = await digestOfFile(path);
  writeFileSync(join(folder, manifestName), JSON.stringify({ ...about, files }));
  const partial = `${file}.partial`;
  try {
    const tar = create({ cwd: folder, portable: true }, [manifestName, ...Object.keys(files)]);
    await pipeline(tar, createWriteStream(partial), { signal });
    renameSync(partial, file);
  } finally {
    rmSync(partial, { force: true });
  }
}

/**
 * Reads an archive from end to end and compares each file with its digest.
 * @throws Problem for an archive that is missing, damaged, cut off, or not made by `make save`
 */
export async function checkArchive(file: string): Promise<Manifest> {
  if (!existsSync(file))
    throw new Problem(`There is no ${file}. Name the archive: make load FILE=/path/to/stage-3.tar`);
  const digests = new Map<string, string>();
  let text: Promise<Buffer> | undefined;
  await readEntries(file, (entry) => {
    if (entry.path === manifestName) text = entry.concat();
    else digestOf(entry, (digest) => digests.set(entry.path, digest));
  });
  const about = readManifest(file, (await text)?.toString());
  const wrong = Object.keys(about.files).find((path) => digests.get(path) !== about.files[path]);
  const unknown = [...digests.keys()].find((path) => !(path in about.files));
  if (wrong ?? unknown) throw new Problem(damaged(file, `${wrong ?? unknown} has the wrong SHA-256`));
  return about;
}

/** Calls back for each file of an archive. @throws Problem for one that is damaged or cut off */
export async function readEntries(file: string, onReadEntry: (entry: ReadEntry) => void): Promise<void> {
  try {
    await list({ file, strict: true, onReadEntry });
  } catch (error) {
    throw new Problem(damaged(file, messageOf(error)));
  }
}

function digestOf(entry: ReadEntry, done: (digest: string) => void): void {
  const hash = createHash('sha256');
  entry.on('data', (chunk: Buffer) => hash.update(chunk)).on('end', () => done(hash.digest('hex')));
}

function readManifest(file: string, text: string | undefined): Manifest {
  if (text === undefined) throw new Problem(`${file} holds no ${manifestName}: make save did not write it.`);
  try {
    return manifest.parse(JSON.parse(text));
  } catch {
    throw new Problem(damaged(file, `its ${manifestName} cannot be read`));
  }
}

function damaged(file: string, why: string): string {
  return `${file} is damaged: ${why}. Nothing was loaded. Copy it again, or save it again: make save`;
}
