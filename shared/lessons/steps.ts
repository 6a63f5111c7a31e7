import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../runtime/problem.ts';
import type { Manifest, ManifestStep } from './manifest.ts';
import type { Scratch } from './scratch.ts';

/** A stage beside what it is compared with, both as trees of the scratch repository. */
export interface Step {
  manifest: ManifestStep;
  /** The place in the manifest's list. */
  index: number;
  stage: string;
  /** The folder before: the stage before, or the baseline. */
  before: string;
  oldTree: string;
  newTree: string;
}

/** The folder that a step starts from. */
export function folderBefore({ steps }: Manifest, index: number): string {
  const before = steps[index]!.after?.folder ?? steps[index - 1]?.stage;
  if (before) return before;
  throw new Problem(`The first step, ${steps[index]!.stage}, must say in "after" what it is compared with.`);
}

/** A step by its place in the manifest, or undefined while one of its two folders does not exist. */
export function readStep(root: string, scratch: Scratch, manifest: Manifest, index: number): Step | undefined {
  const step = manifest.steps[index]!;
  const before = folderBefore(manifest, index);
  if (![step.stage, before].every((folder) => existsSync(join(root, folder)))) return undefined;
  const both = scratch.snapshot([before, step.stage]);
  return {
    ...{ manifest: step, index, stage: step.stage, before },
    oldTree: partOf(scratch, both, before, step.after?.only),
    newTree: scratch.git(['rev-parse', `${both}:${step.stage}`]),
  };
}

function partOf(scratch: Scratch, tree: string, folder: string, only: string | undefined): string {
  if (only === undefined) return scratch.git(['rev-parse', `${tree}:${folder}`]);
  return scratch.assemble({ [only]: `${tree}:${folder}/${only}` });
}

export interface Change {
  /** Inside the stage's folder. */
  path: string;
  /** As Git names it: added, deleted, modified, type changed. */
  status: 'A' | 'D' | 'M' | 'T';
  added: number;
  deleted: number;
}

/** What differs between two trees, in Git's order; a rename counts as one file less and one more. */
export function changesBetween(scratch: Scratch, oldTree: string, newTree: string): Change[] {
  const list = (format: string): string[] =>
    scratch.git(['diff-tree', '-r', '--no-renames', '-z', format, oldTree, newTree]).split('\0').filter(Boolean);
  const states = list('--name-status');
  return list('--numstat').map((entry, index) => {
    const [added, deleted, path] = entry.split('\t') as [string, string, string];
    // Of a binary file, Git says "-".
    return {
      path,
      status: states[2 * index] as Change['status'],
      added: Number(added) || 0,
      deleted: Number(deleted) || 0,
    };
  });
}
