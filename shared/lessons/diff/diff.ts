import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { styleText } from 'node:util';
import { Problem } from '../../runtime/problem.ts';
import { readManifest, type Manifest } from '../manifest.ts';
import { plainTable } from '../../runtime/plain-table.ts';
import { openScratch, type Scratch } from '../scratch.ts';
import { folderBefore, readStep, type Step } from '../steps.ts';
import { groupByConcern, type Concern } from './concerns.ts';

export interface DiffOptions {
  /** The table alone, without the lines. */
  summary: boolean;
  colour: boolean;
}

/**
 * What a stage adds to the one before, grouped by concern: a table, then unified diffs. It reads the files as they are
 * on disk, committed or not.
 * @throws Problem for a stage that does not exist, or that has nothing to be compared with
 */
export function lessonDiff(root: string, stage: string, { summary, colour }: DiffOptions): string {
  const manifest = readManifest(root);
  using scratch = openScratch(root);
  const step = stepOf(root, scratch, manifest, stage);
  const concerns = groupByConcern(manifest, step.changes);
  const title = `${stage}, ${step.manifest.title}: what it adds to ${step.before}`;
  const table = `${paint(colour, 'bold', title)}\n\n${plainTable(summaryRows(concerns))}\n`;
  if (summary) return table;
  return [table, ...concerns.map((concern) => concernDiff(scratch, step, concern, colour))].join('\n');
}

function stepOf(root: string, scratch: Scratch, manifest: Manifest, stage: string): Step {
  const index = manifest.steps.findIndex((step) => step.stage === stage);
  if (index < 0 || !existsSync(join(root, stage))) {
    const stages = manifest.steps.map((step) => step.stage).filter((name) => existsSync(join(root, name)));
    throw new Problem(`There is no ${stage}. Stages: ${stages.join(', ')}.`);
  }
  const before = folderBefore(manifest, index);
  const step = readStep(scratch, scratch.snapshot([before, stage]), manifest, index);
  if (step) return step;
  throw new Problem(`${stage} is compared with ${before}, which does not exist.`);
}

function summaryRows(concerns: Concern[]): (string | number)[][] {
  const row = (name: string, { changes }: Pick<Concern, 'changes'>): (string | number)[] => [
    name,
    changes.length,
    changes.filter(({ status }) => status === 'A').length,
    changes.reduce((sum, { added }) => sum + added, 0),
    changes.reduce((sum, { deleted }) => sum + deleted, 0),
  ];
  const all = { changes: concerns.flatMap(({ changes }) => changes) };
  return [
    ['CONCERN', 'FILES', 'NEW', '+', '-'],
    ...concerns.map((concern) => row(concern.name, concern)),
    row('all', all),
  ];
}

function concernDiff(scratch: Scratch, step: Step, { name, changes }: Concern, colour: boolean): string {
  const paths = changes.map(({ path }) => `:(literal)${path}`);
  const flags = ['-p', '--no-renames', '--no-ext-diff', `--color=${colour ? 'always' : 'never'}`];
  const lines = scratch.git(['diff-tree', '-r', ...flags, step.oldTree, step.newTree, '--', ...paths]);
  return `${paint(colour, 'inverse', ` ${name} `)}\n\n${lines}\n`;
}

function paint(colour: boolean, style: 'bold' | 'inverse', text: string): string {
  return colour ? styleText(style, text, { validateStream: false }) : text;
}
