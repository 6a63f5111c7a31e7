import { Problem } from '../../runtime/problem.ts';
import { git, resolveRevision } from '../git.ts';
import { matchesAny } from '../manifest.ts';
import type { Scratch } from '../scratch.ts';
import { changesBetween } from '../steps.ts';
import { mergeInto, type Conflict } from './merge.ts';

/** What a change turns one later stage into, as trees. */
export interface Carried {
  stage: string;
  /** The stage on disk. */
  before: string;
  after: string;
}

/** A stage and its tree on disk. */
export interface Stage {
  stage: string;
  tree: string;
}

/** A change of a stage: its tree before and after. */
interface ChangeOfTree {
  base: string;
  theirs: string;
}

/**
 * Carries a change through the later stages, each time as the change that it makes in the stage before, because
 * neighbors are most alike.
 * @returns what each stage becomes, up to the first that cannot take the change, and why it cannot
 */
export function carry(
  scratch: Scratch,
  from: string,
  change: ChangeOfTree,
  later: Stage[],
): { carried: Carried[]; conflict?: Conflict } {
  const carried: Carried[] = [];
  let next = { ...change, stage: from };
  for (const { stage, tree: ours } of later) {
    const merged = mergeInto(
      scratch,
      { base: next.base, theirs: next.theirs, ours },
      { from: next.stage, into: stage },
    );
    if (typeof merged !== 'string') return { carried, conflict: merged };
    carried.push({ stage, before: ours, after: merged });
    next = { stage, ...withWhatWasThere(scratch, next, { base: ours, theirs: merged }) };
  }
  return { carried };
}

/**
 * The stage as a revision had it.
 * @throws Problem when there is no such revision, or no such stage in it
 */
export function treeAt(root: string, revision: string, stage: string): string {
  if (!resolveRevision(root, `${revision}^{commit}`)) throw new Problem(`SINCE=${revision} is not a commit.`);
  const tree = resolveRevision(root, `${revision}:${stage}`);
  if (tree) return tree;
  throw new Problem(`${stage} is not in ${revision} (${git(root, ['log', '-1', '--format=%h %s', revision])}).`);
}

/**
 * What is carried on to the next stage. A stage that has a file's change already, made by hand, does not change, but
 * the stages after it may still lack it: for such a file the change is passed on as it came.
 */
function withWhatWasThere(scratch: Scratch, came: ChangeOfTree, made: ChangeOfTree): ChangeOfTree {
  const changed = ({ base, theirs }: ChangeOfTree): string[] =>
    scratch.git(['diff-tree', '-r', '-z', '--no-renames', '--name-only', base, theirs]).split('\0').filter(Boolean);
  const madeHere = new Set(changed(made));
  const already = changed(came).filter((path) => !madeHere.has(path));
  if (already.length === 0) return made;
  return {
    base: withFilesOf(scratch, made.base, came.base, already),
    theirs: withFilesOf(scratch, made.theirs, came.theirs, already),
  };
}

/** The tree `theirs`, with what matches the globs as it was in `base`. */
export function withoutChangesTo(scratch: Scratch, base: string, theirs: string, globs: string[]): string {
  const paths = changesBetween(scratch, base, theirs)
    .map(({ path }) => path)
    .filter((path) => matchesAny(path, globs));
  return paths.length > 0 ? withFilesOf(scratch, theirs, base, paths) : theirs;
}

function withFilesOf(scratch: Scratch, tree: string, source: string, paths: string[]): string {
  scratch.git(['read-tree', tree]);
  const remove = paths.map((path) => `0 ${'0'.repeat(tree.length)}\t${path}\0`);
  const literal = paths.map((path) => `:(literal)${path}`);
  const entries = scratch.git(['ls-tree', '-r', '-z', source, '--', ...literal]);
  scratch.git(['update-index', '-z', '--index-info'], { input: remove.join('') + entries });
  return scratch.git(['write-tree']);
}
