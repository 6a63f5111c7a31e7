import { execFile } from 'node:child_process';
import { cpSync, existsSync, globSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { isSource } from '../plan/fingerprint.ts';
import type { PlannedService } from '../plan/plan.ts';
import { Problem } from '../problem.ts';
import { digestOf, filesOf } from './folder-digest.ts';
import { inBuildFolder } from './build-folder.ts';

/** Next.js writes it when a build is complete. */
const mark = '.next/BUILD_ID';
/** What was built, as a digest. */
const builtFrom = '.next/SOURCES';
/** The parts of a build that a server does not need. */
const notShared = ['cache', 'standalone'];

type Built = Pick<PlannedService, 'name' | 'directory' | 'environment'>;

/**
 * Builds a service whose Dockerfile says `RUN npm run build`, unless its folder already has the build of these very
 * sources. If another stage has it, that build is copied.
 * @throws Problem with the build's last lines; the build before stays as it was
 */
export async function buildIfChanged({ name, directory, environment }: Built): Promise<void> {
  if (!needsBuild(directory)) return;
  const digest = digestOfSources(directory);
  if (holdsBuildOf(directory, digest)) return touch(join(directory, mark));
  const twin = stagesWith(directory).find((other) => holdsBuildOf(other, digest));
  if (twin) return copyBuild(twin, directory);
  console.log(`Building ${name} ...`);
  await inBuildFolder(directory, async (folder) => {
    await build(name, folder, environment);
    copyBuild(folder, directory);
  });
  writeFileSync(join(directory, builtFrom), digest);
}

function needsBuild(directory: string): boolean {
  const dockerfile = join(directory, 'Dockerfile');
  return existsSync(dockerfile) && /^RUN npm run build$/m.test(readFileSync(dockerfile, 'utf8'));
}

function digestOfSources(directory: string): string {
  return digestOf(filesOf(directory, (name) => !isSource(name)));
}

function holdsBuildOf(directory: string, digest: string): boolean {
  const [complete, sources] = [mark, builtFrom].map((file) => join(directory, file)) as [string, string];
  return existsSync(complete) && existsSync(sources) && readFileSync(sources, 'utf8') === digest;
}

/** The same service's folders in all stages. */
function stagesWith(directory: string): string[] {
  const stages = dirname(dirname(directory));
  return globSync(`*/${basename(directory)}`, { cwd: stages }).map((path) => join(stages, path));
}

function copyBuild(from: string, to: string): void {
  const [source, target] = [join(from, '.next'), join(to, '.next')];
  rmSync(target, { recursive: true, force: true });
  cpSync(source, target, {
    recursive: true,
    filter: (path) => dirname(path) !== source || !notShared.includes(basename(path)),
  });
}

/** The tests of a stage look at its modification time. */
function touch(file: string): void {
  const now = new Date();
  utimesSync(file, now, now);
}

async function build(name: string, directory: string, environment: Record<string, string>): Promise<void> {
  try {
    await promisify(execFile)('npm', ['run', 'build'], { cwd: directory, env: environment });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    const last = `${stdout}\n${stderr}`.trim().split('\n').slice(-12);
    throw new Problem([`${name} could not be built. The last lines:`, ...last.map((line) => `  | ${line}`)].join('\n'));
  }
}
