import picomatch from 'picomatch';

/** A test file, and the one that must have ended before it begins, if there is one. */
export interface Queued {
  file: string;
  after?: string | undefined;
}

/** Builds each front end once, so that nobody else need. */
const builds = 'shared/test/builds.test.ts';

/** What needs the builds: whole stages, and front ends. */
const built = ['shared/e2e/**', 'stage-*/frontend/**', 'shared/practice/test/stage-*.slow.test.ts'];

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

/**
 * Puts test files in the order in which they begin, the longest first.
 * @param files paths from the root
 */
export function queueOf(files: string[]): Queued[] {
  const sorted = files.toSorted((one, other) => placeOf(one) - placeOf(other));
  const isBuilt = picomatch(built);
  const building = files.includes(builds) ? builds : undefined;
  return sorted.map((file) => ({ file, after: isBuilt(file) ? building : undefined }));
}

function placeOf(file: string): number {
  const place = first.findIndex((pattern) => picomatch.isMatch(file, pattern));
  return place < 0 ? first.length : place;
}
