import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { repositoryRoot } from '../runtime/places.ts';
import { Problem } from '../runtime/problem.ts';
import type { StageImages } from './images.ts';
import { missingFrom, type NpmCache } from './npm-cache.ts';
import { npmPlatform, packagesOf, type NpmPackage } from './npm-packages.ts';
import type { SaveOptions } from './save.ts';

/**
 * The packages of the tools and of native runs, and those that the services are built from.
 * @param architecture of the engine's containers; undefined where no image is saved
 */
export function packagesFor(
  needs: StageImages[],
  { platforms, lockFile }: Pick<SaveOptions, 'platforms' | 'lockFile'>,
  architecture: string | undefined,
): NpmPackage[] {
  const native = packagesOf(
    lockFile ?? join(repositoryRoot, 'package-lock.json'),
    platforms.map((platform) => npmPlatform(platform)),
  );
  const built = architecture ? needs.flatMap(({ built }) => built) : [];
  const inContainers = built.flatMap(({ bases, lock }) => {
    const libc = bases.some((base) => base.includes('alpine')) ? 'musl' : 'glibc';
    return packagesOf(lock, [npmPlatform(`linux-${architecture}`, libc)]);
  });
  return [...new Map([...native, ...inContainers].map((each) => [each.integrity, each])).values()];
}

/** npm itself fetches what its cache lacks: packages for other machines, or after `npm cache clean`. */
export async function fetchMissing(cache: NpmCache, packages: NpmPackage[], signal: AbortSignal): Promise<void> {
  const missing = missingFrom(cache, packages);
  if (missing.length === 0) return;
  console.log(`Fetching ${missing.length} packages that npm's cache lacks ...`);
  const words = ['cache', 'add', '--prefer-offline', ...missing.map(({ name, version }) => `${name}@${version}`)];
  const [code] = await once(spawn('npm', words, { signal, stdio: ['ignore', 'ignore', 'inherit'] }), 'close');
  const [still] = missingFrom(cache, missing);
  if (code !== 0 || still)
    throw new Problem(
      `npm could not fetch ${still ? `${still.name}@${still.version}` : 'them'}. Is this machine online?`,
    );
}
