import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { reachOf } from './reach.ts';

/**
 * Finds the tests of stages that can only end as they do in the stage before: they and everything they use are the same.
 * @param root folder with `stage-1/`, `stage-2/` …
 * @param files tests, by their paths from there
 * @returns for each such test the first of its kind: `stage-4/die-service/test/app.test.ts` →
 *   `stage-3/die-service/test/app.test.ts`
 */
export function countedEarlier(root: string, files: string[]): Map<string, string> {
  const counted = new Map<string, string>();
  for (const file of files.toSorted(byStage)) {
    const before = file.replace(/^stage-(\d+)/, (_, stage) => `stage-${stage - 1}`);
    if (before === file || !existsSync(join(root, before))) continue;
    // Most tests differ themselves; then nothing else need be read.
    if (textOf(root, file) !== textOf(root, before)) continue;
    const reach = reachOf(...packageAndTest(root, file));
    if (!reach || !isDeepStrictEqual(reach, reachOf(...packageAndTest(root, before)))) continue;
    counted.set(file, counted.get(before) ?? before);
  }
  return counted;
}

function textOf(root: string, file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

function byStage(one: string, other: string): number {
  const [first, second] = [one, other].map((file) => Number(/^stage-(\d+)/.exec(file)?.[1] ?? 0));
  return first! - second!;
}

function packageAndTest(root: string, file: string): [folder: string, test: string] {
  const [stage, name, ...rest] = file.split('/');
  return [join(root, stage!, name!), join(...rest)];
}
