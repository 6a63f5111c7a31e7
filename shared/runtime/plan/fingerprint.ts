import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Plan, PlannedService } from './plan.ts';

/** What a service was started from: a hash of its settings, and one of each of its files by the file's path. */
export type Fingerprint = Record<string, string>;

/** The key of the hash of a service's settings. */
const settings = 'compose.yaml';

/** Entries that no service reads. Names that begin with a dot are left out, too. */
const notSources = ['node_modules', 'test', 'next-env.d.ts'];

/** Whether an entry of a service's folder belongs to the service; tests, packages and build output do not. */
export function isSource(name: string): boolean {
  return !name.startsWith('.') && !notSources.includes(name);
}

/** Every source file below a path, or the path itself where that is a file. */
export function sourceFiles(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  const names = readdirSync(path).filter(isSource);
  return names.flatMap((name) => sourceFiles(join(path, name)));
}

/** @param directory the stage's folder, which the files' paths are relative to */
export function fingerprintOf(planned: PlannedService, directory: string): Fingerprint {
  // Another terminal may have others.
  const { PATH: _, HOME: __, NODE_COMPILE_CACHE: ___, ...environment } = planned.environment;
  const mounted = planned.places.flatMap(({ copyOf }) => copyOf ?? []);
  const folders = planned.kind === 'own' ? [planned.directory, ...mounted] : mounted;
  const files = folders.flatMap(sourceFiles).map((file) => [relative(directory, file), hash(readFileSync(file))]);
  return { [settings]: hash(JSON.stringify({ ...planned, environment })), ...Object.fromEntries(files) };
}

/** The paths whose content differs, or that only one of two fingerprints has. */
export function whatDiffers(before: Fingerprint, after: Fingerprint): string[] {
  const paths = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...paths].filter((path) => before[path] !== after[path]);
}

/** What cannot change while a stage is running, as a text to compare: which services there are, and where their lines go. */
export function frameOf({ services, missing, receiver, fluentd, usage }: Plan): string {
  const running = services.map(({ name, forwarded }) => [name, forwarded]);
  return JSON.stringify({ running, missing: missing.map(({ name }) => name), receiver, fluentd, usage });
}

function hash(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 16);
}
