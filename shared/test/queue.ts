import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import picomatch from 'picomatch';
import { slow, startPrograms } from './choose.ts';

/** Test files that run in one process, one after another, and the file that must have ended before, if there is one. */
export interface Queued {
  files: string[];
  after?: string | undefined;
  /** Whether it mostly waits, for exports and scrapes: two of these keep a processor as busy as one other. */
  waits?: boolean;
}

/** Builds each front end once, so that nobody else need. */
const builds = 'shared/test/builds.test.ts';

/** What needs the builds: whole stages that have a front end, and front ends. */
const built = ['shared/e2e/!(stage-1).test.ts', 'stage-*/frontend/**', 'shared/practice/test/stage-*.slow.test.ts'];

const waiting = ['shared/e2e/**', 'shared/{drill,verify}/test/*stage*.test.ts'];

/** What takes longest, so that it is not what all wait for in the end. */
const first = [
  builds,
  'shared/{drill,verify,bench}/test/*stage*.test.ts',
  'shared/e2e/stage-5.test.ts',
  'shared/e2e/**',
  'shared/test/sources.test.ts',
  'stage-*/frontend/test/browser.test.ts',
  'shared/bench/test/bench.test.ts',
  'shared/runtime/test/{stage,one-service}.test.ts',
  'stage-*/*/test/server.test.ts',
];

/** What a test file does to its process, outside of any test, that others in the process would notice. */
const changesProcess = /^(process\.|(before|after)(Each)?\()/m;

/**
 * Puts test files in the order in which they begin, the longest first. The small ones of a tool share a process.
 * @param root folder from which the paths are meant
 * @param files paths
 */
export function queueOf(root: string, files: string[]): Queued[] {
  const sorted = files.toSorted((one, other) => placeOf(one) - placeOf(other));
  const [isBuilt, isWaiting] = [picomatch(built), picomatch(waiting)];
  const building = files.includes(builds) ? builds : undefined;
  const processes = Map.groupBy(sorted, (file) => (isSmall(root, file) ? toolOf(file) : file));
  return [...processes.values()].map((together) => ({
    files: together,
    after: together.some((file) => isBuilt(file)) ? building : undefined,
    waits: isWaiting(together[0]!),
  }));
}

const isOfTool = picomatch('shared/*/**', { ignore: [...first, ...startPrograms, slow] });

function isSmall(root: string, file: string): boolean {
  return isOfTool(file) && !changesProcess.test(readFileSync(join(root, file), 'utf8'));
}

function toolOf(file: string): string {
  return file.split('/').slice(0, 2).join('/');
}

function placeOf(file: string): number {
  const place = first.findIndex((pattern) => picomatch.isMatch(file, pattern));
  return place < 0 ? first.length : place;
}
