import picomatch from 'picomatch';

/** Test files of which some run at a time, in this order. */
export interface Lane {
  files: string[];
  /** How many at a time. */
  concurrency: number;
}

/** Made first, so that nobody builds the same front end at the same time. */
const builds = ['shared/test/builds.test.ts'];

/** What needs the builds: whole stages, the longest first, and front ends. */
const built = [
  'shared/e2e/stage-5.test.ts',
  'shared/e2e/**',
  'stage-*/frontend/**',
  'shared/practice/test/stage-*.slow.test.ts',
];

/** What mostly waits: for restarts, exports, another process. The longest first. */
const waiting = ['shared/drill/**', 'shared/verify/**', 'shared/bench/**', 'shared/runtime/**'];

/**
 * Sorts test files into lanes.
 * @param processors how many this machine has
 * @returns rows of lanes: the rows run side by side, and the lanes of a row one after another
 */
export function lanesFor(files: string[], processors: number): Lane[][] {
  const rest = ['**'];
  const groups = [builds, built, waiting, rest];
  const sorted = groups.map((patterns, index) => {
    const earlier = groups.slice(0, index).flat();
    const own = files.filter((file) => placeOf(file, patterns) >= 0 && placeOf(file, earlier) < 0);
    return own.sort((one, other) => placeOf(one, patterns) - placeOf(other, patterns));
  });
  const [first, second, third, fourth] = sorted.map((own) => ({ files: own, concurrency: processors }));
  const rows = [[first!, second!], [third!], [fourth!]];
  return rows.map((lanes) => lanes.filter((lane) => lane.files.length > 0)).filter((lanes) => lanes.length > 0);
}

function placeOf(file: string, patterns: string[]): number {
  return patterns.findIndex((pattern) => picomatch.isMatch(file, pattern));
}
