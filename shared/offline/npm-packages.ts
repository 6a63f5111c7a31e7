import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** A machine as npm's packages name it. */
export interface NpmPlatform {
  os: string;
  cpu: string;
  libc: string;
}

/** A package as a lock file pins it. */
export interface NpmPackage {
  name: string;
  version: string;
  /** `sha512-…`, of its archive. */
  integrity: string;
}

const only = z.union([z.array(z.string()), z.string().transform((name) => [name])]).optional();
const lock = z.object({
  packages: z.record(
    z.string(),
    z.object({ name: z.string().optional(), version: z.string().optional(), integrity: z.string().optional() }).extend({
      ...{ os: only, cpu: only, libc: only },
    }),
  ),
});

/** The packages of a lock file, without those for other machines than these. */
export function packagesOf(lockFile: string, platforms: NpmPlatform[]): NpmPackage[] {
  const { packages } = lock.parse(JSON.parse(readFileSync(lockFile, 'utf8')));
  return Object.entries(packages).flatMap(([path, { name, version, integrity, ...limits }]) => {
    if (!version || !integrity || !platforms.some((platform) => fits(limits, platform))) return [];
    return [{ name: name ?? path.split('node_modules/').at(-1)!, version, integrity }];
  });
}

function fits(limits: { [limit in keyof NpmPlatform]?: string[] | undefined }, platform: NpmPlatform): boolean {
  return (['os', 'cpu', 'libc'] as const).every((limit) => {
    const allowed = limits[limit];
    // Only Linux has a choice of C libraries.
    if (!allowed || (limit === 'libc' && platform.os !== 'linux')) return true;
    return allowed.some((each) => each === platform[limit] || (each[0] === '!' && each !== `!${platform[limit]}`));
  });
}

const systems: Record<string, string> = { linux: 'linux', darwin: 'darwin', windows: 'win32' };

/** @param platform as releases name it: `linux-amd64` */
export function npmPlatform(platform: string, libc = 'glibc'): NpmPlatform {
  const [os = '', arch = ''] = platform.split('-');
  return { os: systems[os] ?? os, cpu: arch === 'amd64' ? 'x64' : arch, libc };
}
