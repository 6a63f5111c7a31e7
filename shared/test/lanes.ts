import picomatch from 'picomatch';

/** Test files that run side by side with each other, and with those of the other lanes. */
export interface Lane {
  files: string[];
  /** How many at a time. */
  concurrency: number;
}

/** First of all, so that nobody builds the same front end at the same time. */
const preparing = ['shared/test/*.test.ts'];

/** Mostly waits: for scrapes, exports, restarts. The longest first. */
const waiting = [
  'shared/e2e/stage-5.test.ts',
  'shared/e2e/**',
  'shared/drill/**',
  'shared/verify/**',
  'shared/bench/**',
  'shared/runtime/**',
];

/**
 * Sorts test files into lanes.
 * @param processors how many this machine has
 * @returns groups of lanes; each group begins when the one before has ended
 */
export function lanesFor(files: string[], processors: number): Lane[][] {
  const placeOf = (file: string, patterns: string[]) =>
    patterns.findIndex((pattern) => picomatch.isMatch(file, pattern));
  const those = (patterns: string[], from: string[]) =>
    from
      .filter((file) => placeOf(file, patterns) >= 0)
      .sort((one, other) => placeOf(one, patterns) - placeOf(other, patterns));
  const first = those(preparing, files);
  const waits = those(waiting, files);
  const works = files.filter((file) => !first.includes(file) && !waits.includes(file));
  const groups = [
    [{ files: first, concurrency: 1 }],
    [
      { files: waits, concurrency: processors },
      { files: works, concurrency: processors },
    ],
  ];
  return groups.map((lanes) => lanes.filter((lane) => lane.files.length > 0)).filter((lanes) => lanes.length > 0);
}
