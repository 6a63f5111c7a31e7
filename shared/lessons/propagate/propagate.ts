import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../../runtime/problem.ts';
import { readManifest, type Manifest } from '../manifest.ts';
import { openScratch, type Scratch } from '../scratch.ts';
import { carry, treeAt, withoutChangesTo, type Carried } from './chain.ts';
import type { Conflict } from './merge.ts';

export interface PropagateOptions {
  /** The stage that has the change: `1` or `stage-1`. */
  from: string;
  /** The last stage that gets it; without it, the last there is. */
  to?: string;
  /** The commit that the change is counted from. */
  since: string;
  dryRun: boolean;
}

/**
 * Carries what changed in a stage, committed since a revision or not, into the later stages. All of them are computed
 * first, then all are written at once; the index stays as it is.
 * @returns what was written, or with `dryRun` what would be
 * @throws Problem at a conflict, with both sides, and then nothing is written
 */
export function propagate(root: string, { from, to, since, dryRun }: PropagateOptions): string {
  const manifest = readManifest(root);
  const { source, later } = stagesOf(root, manifest, from, to);
  using scratch = openScratch(root);
  const base = treeAt(root, since, source);
  const { folders } = scratch.snapshot([source, ...later]);
  const onDisk = (stage: string): string => folders.get(stage)!;
  const change = { base, theirs: withoutChangesTo(scratch, base, onDisk(source), manifest.own) };
  if (change.base === change.theirs) {
    throw new Problem(`Nothing changed in ${source} since ${since}. SINCE=<commit> counts from an earlier one.`);
  }
  const { carried, conflict } = carry(
    scratch,
    source,
    change,
    later.map((stage) => ({ stage, tree: onDisk(stage) })),
  );
  if (conflict) throw new Problem(explain(conflict, carried));
  const patch = carried.map((each) => patchOf(scratch, each)).join('');
  if (dryRun) return [patch, summary(scratch, carried, 'would be written')].join('\n');
  if (patch !== '') scratch.git(['apply', '--whitespace=nowarn', '-'], { input: patch });
  return summary(scratch, carried, 'written');
}

function stagesOf(root: string, { steps }: Manifest, from: string, to?: string): { source: string; later: string[] } {
  const stages = steps.map(({ stage }) => stage).filter((stage) => existsSync(join(root, stage, 'compose.yaml')));
  const placeOf = (text: string): number => {
    const place = stages.indexOf(/^\d+$/.test(text) ? `stage-${text}` : text);
    if (place < 0)
      throw new Problem(
        `There is no stage "${text}". For example: make propagate FROM=1. Stages: ${stages.join(', ')}.`,
      );
    return place;
  };
  const first = placeOf(from);
  const last = to === undefined ? stages.length - 1 : placeOf(to);
  if (last <= first) throw new Problem(`There is no stage after ${stages[first]} to carry anything to.`);
  return { source: stages[first]!, later: stages.slice(first + 1, last + 1) };
}

/** One patch for all stages: `git apply` writes all of a patch or nothing. */
function patchOf(scratch: Scratch, { stage, before, after }: Carried): string {
  const prefixes = [`--src-prefix=a/${stage}/`, `--dst-prefix=b/${stage}/`];
  const args = ['diff-tree', '-r', '-p', '--binary', '--full-index', '--no-renames', '--no-color', '--no-ext-diff'];
  return scratch.run([...args, ...prefixes, before, after]).output;
}

function summary(scratch: Scratch, carried: Carried[], done: string): string {
  const lines = carried.map(({ stage, before, after }) => {
    if (before === after) return `${stage}: already has the change, nothing to write`;
    const files = scratch
      .git(['diff-tree', '-r', '--name-status', '--no-renames', before, after])
      .replaceAll('\t', ' ');
    return `${stage}, ${done}:\n  ${files.replaceAll('\n', '\n  ')}`;
  });
  return [...lines, 'Lock files were merged as text; make check compares them with their package.json.'].join('\n');
}

function explain({ from, into, files, messages }: Conflict, carried: Carried[]): string {
  const parts = files.map(({ path, text }) => [`${into}/${path}`, text].filter(Boolean).join('\n'));
  const fine = carried.map(({ stage }) => stage);
  const number = (stage: string): string => stage.replace('stage-', '');
  const upTo = fine.length > 0 ? `carry it up to ${fine.at(-1)} with TO=${number(fine.at(-1)!)}, then ` : '';
  return [
    `The change in ${from} cannot be merged into ${into}. Nothing was written.`,
    ...['', messages, '', ...parts, ''],
    `What to do: ${upTo}make the change in ${into} by hand, and continue with make propagate FROM=${number(into)}`,
  ].join('\n');
}
