import { matchesAny } from '../manifest.ts';
import type { Fault } from './fault.ts';
import type { Project } from './project.ts';

/** Files of one stage that must be identical according to the manifest, and are not. */
export function findUnequalTwins({ manifest, stages, files, read }: Project): Fault[] {
  const order = manifest.steps.map(({ stage }) => stage);
  return stages.flatMap((stage) =>
    manifest.identical.flatMap(({ files: globs, until }) => {
      if (until && order.indexOf(stage) > order.indexOf(until)) return [];
      const twins = files.filter(
        (file) => file.startsWith(`${stage}/`) && matchesAny(file.slice(stage.length + 1), globs),
      );
      const [first, ...others] = twins;
      return others.flatMap((file) => {
        const line = firstDifference(read(first!), read(file));
        if (line === undefined) return [];
        return {
          file,
          line,
          fault: `it must be identical to ${first}, but is not`,
          remedy: `Make the two identical: diff ${first} ${file}`,
        };
      });
    }),
  );
}

/** The first line, from 1, in which two texts differ; undefined if they do not. */
function firstDifference(one: string, other: string): number | undefined {
  if (one === other) return undefined;
  const others = other.split('\n');
  return one.split('\n').findIndex((line, index) => line !== others[index]) + 1 || others.length;
}
