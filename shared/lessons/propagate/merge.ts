import type { Scratch } from '../scratch.ts';

/** A stage that cannot take a change. */
export interface Conflict {
  from: string;
  into: string;
  /** Each file that both sides changed, with both sides between conflict marks, and what Git says about it. */
  files: { path: string; text: string }[];
  messages: string;
}

interface Sides {
  base: string;
  ours: string;
  theirs: string;
}

/**
 * Merges the change from `base` to `theirs` into `ours`, by Git's own merge: edits, new files, deletions, renames, modes.
 * @returns the merged tree, or why there is none
 */
export function mergeInto(
  scratch: Scratch,
  sides: Sides,
  { from, into }: { from: string; into: string },
): string | Conflict {
  const base = commit(scratch, sides.base);
  const ours = commit(scratch, sides.ours, base);
  const theirs = commit(scratch, sides.theirs, base);
  // A stage that moved most of a folder says nothing about where another's new files belong.
  const options = ['-c', 'merge.directoryRenames=false', '-c', 'merge.conflictStyle=merge'];
  const args = [...options, 'merge-tree', '--write-tree', '-z', '--name-only', '--messages', ours, theirs];
  const { output, code } = scratch.run(args, { answers: [1] });
  const [tree, ...rest] = output.split('\0');
  if (code === 0) return tree!;
  const end = rest.indexOf('');
  const named = (text: string): string => text.replaceAll(ours, `${into}`).replaceAll(theirs, `${from}, changed`);
  const files = rest.slice(0, end).map((path) => ({ path, text: named(conflictIn(scratch, tree!, path)) }));
  return { from, into, files, messages: named(conflictMessages(rest.slice(end + 1))) };
}

function commit(scratch: Scratch, tree: string, ...parents: string[]): string {
  return scratch.git(['commit-tree', tree, '-m', 'side', ...parents.flatMap((parent) => ['-p', parent])]);
}

/** With -z, each message is: the number of paths, the paths, its kind, its text. */
function conflictMessages(fields: string[]): string {
  const messages: string[] = [];
  for (let at = 0; fields[at];) {
    const paths = Number(fields[at]);
    const [kind, text] = fields.slice(at + 1 + paths, at + 3 + paths);
    if (kind?.startsWith('CONFLICT')) messages.push(text!.trim());
    at += 3 + paths;
  }
  return messages.join('\n');
}

/** The lines from each conflict's first mark to its last; nothing where the conflict is about whole files. */
function conflictIn(scratch: Scratch, tree: string, path: string): string {
  const { output, code } = scratch.run(['cat-file', 'blob', `${tree}:${path}`], { answers: [128] });
  const parts = code === 0 ? [...output.matchAll(/^<{7} [^]*?^>{7} .*$/gm)] : [];
  return parts.map(([part]) => part).join('\n…\n');
}
