import { Problem } from '../runtime/problem.ts';
import { matchesAny, type Manifest, type ManifestStep } from './manifest.ts';
import type { Scratch } from './scratch.ts';

/** A stage and what it is compared with, both as trees of the scratch repository. */
export interface Step {
  manifest: ManifestStep;
  /** The place in the manifest's list. */
  index: number;
  stage: string;
  /** The folder before: the stage before, or the baseline. */
  before: string;
  oldTree: string;
  newTree: string;
  changes: Change[];
}

/** The folder that a step starts from. */
export function folderBefore({ steps }: Manifest, index: number): string {
  const before = steps[index]!.after?.folder ?? steps[index - 1]?.stage;
  if (before) return before;
  throw new Problem(`The first step, ${steps[index]!.stage}, must say in "after" what it is compared with.`);
}

/**
 * A step by its place in the manifest, from a snapshot that holds both of its folders.
 * @returns undefined while one of them does not exist
 */
export function readStep(scratch: Scratch, snapshot: string, manifest: Manifest, index: number): Step | undefined {
  const step = manifest.steps[index]!;
  const before = folderBefore(manifest, index);
  const [old, fresh] = [before, step.stage].map((folder) =>
    scratch.git(['ls-tree', '--object-only', snapshot, folder]),
  );
  if (!old || !fresh) return undefined;
  const only = step.after?.only;
  const oldTree = only === undefined ? old : scratch.assemble({ [only]: `${old}:${only}` });
  return {
    manifest: step,
    index,
    stage: step.stage,
    before,
    oldTree,
    newTree: fresh,
    changes: changesBetween(scratch, oldTree, fresh).filter(({ path }) => !matchesAny(path, manifest.own)),
  };
}

export interface Change {
  /** Inside the stage's folder. */
  path: string;
  /** As Git names it: added, deleted, modified, type changed. */
  status: 'A' | 'D' | 'M' | 'T';
  added: number;
  deleted: number;
}

/** What differs between two trees, in Git's order; a rename counts as one file fewer and one more. */
export function changesBetween(scratch: Scratch, oldTree: string, newTree: string): Change[] {
  const list = (format: string): string[] =>
    scratch.git(['diff-tree', '-r', '--no-renames', '-z', format, oldTree, newTree]).split('\0').filter(Boolean);
  const states = list('--name-status');
  return list('--numstat').map((entry, index) => {
    const [added, deleted, path] = entry.split('\t') as [string, string, string];
    // For a binary file, Git prints "-".
    return {
      path,
      status: states[2 * index] as Change['status'],
      added: Number(added) || 0,
      deleted: Number(deleted) || 0,
    };
  });
}
