import { createWriteStream, existsSync, mkdirSync, rmSync, statfsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createGzip } from 'node:zlib';
import { megabytes } from '../back-ends/progress.ts';
import { plainTable } from '../runtime/plain-table.ts';
import { Problem } from '../runtime/problem.ts';
import { imagesName, npmName, writeArchive } from './archive.ts';
import { findEngine, imageSizes, saveImages, type Engine } from './engine.ts';
import { imagesOf, type StageImages } from './images.ts';
import { contentOf, copyPackages, npmRegistry, usersCache } from './npm-cache.ts';
import { fetchMissing, packagesFor } from './npm-needs.ts';

export interface SaveOptions {
  stages: string[];
  file: string;
  /** Without images, for laptops that have no engine. */
  native: boolean;
  /** The machines that npm's packages are for, as releases name them: `linux-amd64`. */
  platforms: string[];
  /** Of the tools; the repository's own unless a test has another. */
  lockFile?: string;
  signal: AbortSignal;
}

/**
 * Writes the images of stages and npm's packages as one archive. Sizes are printed before anything is written.
 * @throws Problem where the file exists, no engine is running, an image was not pulled, or the disk has too little space
 */
export async function save(options: SaveOptions): Promise<void> {
  const { stages, file, native, signal } = options;
  if (existsSync(file)) throw new Problem(`${file} exists. Remove it, or choose another file: FILE=/path/to/file.tar`);
  const needs = stages.map(imagesOf);
  const engine = native ? undefined : runningEngine();
  const sizes = engine ? pulledSizes(engine, stages, needs) : new Map<string, number>();
  const packages = packagesFor(needs, options, engine?.architecture);
  const cache = usersCache();
  await fetchMissing(cache, packages, signal);
  const npmSize = contentOf(cache, packages).reduce((sum, path) => sum + statSync(path).size, 0);
  const total = announce(sizes, npmSize, engine ? needs : []);
  refuseWithoutSpace(file, 2 * total);
  const scratch = `${file}.d`;
  try {
    mkdirSync(scratch, { recursive: true });
    copyPackages(cache, { folder: join(scratch, npmName), registry: npmRegistry }, packages);
    const images = [...sizes.keys()];
    const zipped = [createGzip({ level: 1 }), createWriteStream(join(scratch, imagesName))];
    if (engine) await saveImages(engine, images, zipped, signal);
    const about = { format: 1 as const, stages, images, packages };
    await writeArchive(scratch, file, { ...about, ...(engine && { architecture: engine.architecture }) }, signal);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  console.log(`Saved ${file}, ${megabytes(statSync(file).size)}. On the other machine: make load FILE=/path/to/it`);
}

function runningEngine(): Engine {
  const engine = findEngine();
  if (typeof engine === 'object') return engine;
  throw new Problem(
    "No engine is running. Start Docker, or save npm's packages only, for laptops without it: make save RUNTIME=native",
  );
}

/** @throws Problem naming the images that are not on this machine */
function pulledSizes(engine: Engine, stages: string[], needs: StageImages[]): Map<string, number> {
  const sizes = imageSizes(engine, [...new Set(needs.flatMap(({ pulled }) => pulled))].sort());
  const missing = [...sizes].flatMap(([image, size]) => (size === undefined ? [image] : []));
  if (missing.length === 0) return sizes as Map<string, number>;
  const affected = stages.filter((_, index) => needs[index]!.pulled.some((image) => missing.includes(image)));
  throw new Problem(
    [
      'These images are not on this machine:',
      ...missing.map((image) => `  ${image}`),
      'Pull them, then save again:',
      ...affected.map((stage) => `  ${engine.program} compose --project-directory ${stage} pull --ignore-buildable`),
    ].join('\n'),
  );
}

/** Prints what will be written, and returns its size in bytes at most. */
function announce(sizes: Map<string, number>, npmSize: number, needs: StageImages[]): number {
  const rows = [...sizes, ["npm's packages", npmSize] as const].map(([what, size]) => [what, megabytes(size)]);
  const total = [...sizes.values()].reduce((sum, size) => sum + size, npmSize);
  console.log(plainTable([['WHAT', 'SIZE'], ...rows, ['together, at most', megabytes(total)]]));
  const leftOut = [...new Set(needs.flatMap(({ leftOut }) => leftOut))];
  if (leftOut.length > 0)
    console.log(
      `Not saved: ${leftOut.join(', ')}, whose image also needs packages from Debian and builds online only.`,
    );
  return total;
}

/** Before the archive is whole, its parts are beside it. */
function refuseWithoutSpace(file: string, needed: number): void {
  mkdirSync(dirname(file), { recursive: true });
  const { bavail, bsize } = statfsSync(dirname(file));
  if (bavail * bsize >= needed) return;
  throw new Problem(
    `${dirname(file)} has ${megabytes(bavail * bsize)} free, and writing takes up to ${megabytes(needed)}. ` +
      'Free some space, or choose another disk: FILE=/path/to/file.tar',
  );
}
