import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { extract, type ReadEntry } from 'tar';
import { stringify } from 'yaml';
import { runDirectory, stageDirectory } from '../runtime/places.ts';
import { Problem } from '../runtime/problem.ts';
import { checkArchive, imagesName, npmName, readEntries, type Manifest } from './archive.ts';
import { buildImage, findEngine, loadImages, type Engine } from './engine.ts';
import { imagesOf } from './images.ts';
import { copyPackages, npmRegistry, usersCache } from './npm-cache.ts';

/**
 * Loads an archive: images into the engine, packages into npm's cache, and a base image for builds without internet.
 * @param native leaves the images out
 * @throws Problem where the archive is damaged or does not fit this machine or this checkout; then nothing is loaded
 */
export async function load(file: string, native: boolean, signal: AbortSignal): Promise<void> {
  console.log(`Checking ${file} ...`);
  const archive = await checkArchive(file);
  const engine = native || archive.images.length === 0 ? 'absent' : findEngine();
  if (typeof engine === 'object') refuseOther(archive, engine);
  const scratch = join(runDirectory(), 'load');
  try {
    mkdirSync(scratch, { recursive: true });
    await extract({ file, cwd: scratch, filter: (path) => path.startsWith(npmName) });
    copyPackages({ folder: join(scratch, npmName), registry: npmRegistry }, usersCache(), archive.packages);
    console.log(`${archive.packages.length} packages are in npm's cache: npm ci --offline works.`);
    if (typeof engine === 'object') await loadEngine(file, archive, engine, scratch, signal);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  conclude(archive, engine);
}

function refuseOther({ images, stages, architecture }: Manifest, engine: Engine): void {
  if (architecture !== engine.architecture)
    throw new Problem(
      `The images are for ${architecture}, and this engine runs ${engine.architecture}. Nothing was loaded.`,
    );
  const lacking = stages.flatMap((stage) => imagesOf(stage).pulled).find((image) => !images.includes(image));
  if (lacking)
    throw new Problem(
      `The archive is of another version of this repository: it has no ${lacking}. Nothing was loaded. Save again, or check out the same version.`,
    );
}

async function loadEngine(file: string, archive: Manifest, engine: Engine, scratch: string, signal: AbortSignal) {
  console.log(`Loading ${archive.images.length} images ...`);
  const loading: Promise<void>[] = [];
  await readEntries(file, (entry: ReadEntry) => {
    if (entry.path === imagesName) loading.push(loadImages(engine, entry.pipe(new PassThrough()), signal));
  });
  await Promise.all(loading);
  const bases = new Set(archive.stages.flatMap((stage) => imagesOf(stage).built.flatMap(({ bases }) => bases)));
  for (const base of bases) {
    writeFileSync(join(scratch, 'Dockerfile'), withPackages(base));
    await buildImage(engine, offlineName(base), scratch, signal);
  }
  for (const stage of archive.stages) writeOverride(stage);
}

/** A base image's name where npm's packages are in it. */
function offlineName(base: string): string {
  return `opentelemetry-dice/${base}`;
}

function withPackages(base: string): string {
  return [
    `FROM ${base}`,
    'COPY npm /root/.npm',
    'ENV npm_config_prefer_offline=true npm_config_audit=false npm_config_update_notifier=false',
  ].join('\n');
}

const overrideMark =
  '# Written by `make load`: builds take Node and its packages from the archive. Remove it to build online.';

/** Compose reads this file beside compose.yaml. */
function writeOverride(stage: string): void {
  const file = join(stageDirectory(stage), 'compose.override.yaml');
  if (existsSync(file) && !readFileSync(file, 'utf8').startsWith(overrideMark))
    throw new Problem(`${file} exists and is not from make load. Move it elsewhere, and load again.`);
  const services = imagesOf(stage).built.map(({ service, bases }) => {
    const contexts = bases.map((base) => [base, `docker-image://${offlineName(base)}`]);
    return [service, { build: { additional_contexts: Object.fromEntries(contexts) } }];
  });
  writeFileSync(file, `${overrideMark}\n${stringify({ services: Object.fromEntries(services) })}`);
}

function conclude({ stages, images }: Manifest, engine: ReturnType<typeof findEngine>): void {
  const next = `Now, without internet: make ${stages[0]} up`;
  if (engine === 'not running')
    throw new Problem(
      `The images were not loaded, because no engine is running. Start Docker and load again; without it: RUNTIME=native make ${stages[0]} up`,
    );
  if (engine === 'absent' && images.length > 0) console.log('The images were left out: there is no engine here.');
  console.log(next);
}
