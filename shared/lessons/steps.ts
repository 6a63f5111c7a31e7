import { Problem } from '../runtime/problem.ts';
import { matchesAny, type Manifest, type ManifestStep } from './manifest.ts';
import type { Scratch, Snapshot } from './scratch.ts';

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
  /** Git's id of each file of the stage, by its path in there: equal files have equal ids. */
  ids: Map<string, string>;
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
export function readStep(scratch: Scratch, snapshot: Snapshot, manifest: Manifest, index: number): Step | undefined {
  const step = manifest.steps[index]!;
  const before = folderBefore(manifest, index);
  const only = step.after?.only;
  const old = snapshot.folders.get(only === undefined ? before : `${before}/${only}`);
  const newTree = snapshot.folders.get(step.stage);
  if (!old || !newTree) return undefined;
  const oldTree = only === undefined ? old : scratch.nest(only, old);
  return {
    manifest: step,
    index,
    stage: step.stage,
    before,
    oldTree,
    newTree,
    ids: idsIn(snapshot, step.stage),
    changes: changesBetween(scratch, oldTree, newTree).filter(({ path }) => !matchesAny(path, manifest.own)),
  };
}

function idsIn({ files }: Snapshot, folder: string): Map<string, string> {
  const own = [...files].filter(([path]) => path.startsWith(`${folder}/`));
  return new Map(own.map(([path, id]) => [path.slice(folder.length + 1), id]));
}

export interface Change {
  /** Inside the stage's folder. */
  path: string;
  /** As Git names it: added, deleted, modified, type changed. */
  status: 'A' | 'D' | 'M' | 'T';
  added: number;
  deleted: number;
  /** The difference as Git shows it, with three unchanged lines on each side. */
  patch: string;
}

/** What differs between two trees, in Git's order; a rename counts as one file fewer and one more. */
export function changesBetween(scratch: Scratch, oldTree: string, newTree: string): Change[] {
  const form = ['--raw', '--numstat', '-p', '-U3', '--no-ext-diff', '--no-color', '-z'];
  const output = scratch.git(['diff-tree', '-r', '--no-renames', ...form, oldTree, newTree]);
  // The states, each with its path; the counts of lines; after an empty field, the patches.
  const [lists = '', ...rest] = output.split('\0\0');
  const fields = lists.split('\0').filter(Boolean);
  const patches = rest
    .join('\0\0')
    .split(/^diff --git .*\n/m)
    .slice(1);
  return fields.slice((fields.length / 3) * 2).map((counts, index) => {
    const [added, deleted, path] = counts.split('\t') as [string, string, string];
    const status = fields[2 * index]!.at(-1) as Change['status'];
    // A file that becomes a link has two patches.
    const patch = patches.splice(0, status === 'T' ? 2 : 1).join('');
    // For a binary file, Git prints "-".
    return { path, status, added: Number(added) || 0, deleted: Number(deleted) || 0, patch };
  });
}
