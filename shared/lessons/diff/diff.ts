import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { styleText } from 'node:util';
import { Problem } from '../../runtime/problem.ts';
import { readManifest, type Manifest } from '../manifest.ts';
import { plainTable } from '../../runtime/plain-table.ts';
import { openScratch, type Scratch } from '../scratch.ts';
import { folderBefore, readStep, type Step } from '../steps.ts';
import { fillPage } from '../pages/fill-page.ts';
import { readLesson } from '../pages/lesson.ts';
import { telemetryTable } from '../pages/telemetry-table.ts';
import { groupByConcern, type Concern } from './concerns.ts';
import { terminalPage } from './terminal-page.ts';

export interface DiffOptions {
  /** The lesson page; all lines, by concern; how many they are; or what changes in the telemetry contract. */
  show: 'page' | 'all' | 'summary' | 'telemetry';
  colour: boolean;
  /** The width of the terminal. */
  columns: number;
}

/**
 * What a stage adds to the one before. It reads the files as they are on disk, committed or not. A stage without a page
 * shows all its lines.
 * @throws Problem for a stage that does not exist, or that cannot be compared with anything
 */
export function lessonDiff(root: string, stage: string, options: DiffOptions): string {
  const manifest = readManifest(root);
  using scratch = openScratch(root);
  const step = stepOf(root, scratch, manifest, stage);
  if (options.show === 'page' || options.show === 'telemetry') {
    const lesson = readLesson(root, manifest, step);
    if (options.show === 'telemetry') return terminalPage(telemetryTable(...lesson.contracts), options);
    if (lesson.text !== undefined) return terminalPage(fillPage(lesson, lesson.text).text, options);
  }
  return byConcern(scratch, step, groupByConcern(manifest, step.changes), options);
}

/** A table, then unified diffs, grouped by concern. */
function byConcern(scratch: Scratch, step: Step, concerns: Concern[], { show, colour }: DiffOptions): string {
  const title = `${step.stage}, ${step.manifest.title}: what it adds to ${step.before}`;
  const table = `${paint(colour, 'bold', title)}\n\n${plainTable(summaryRows(concerns))}\n`;
  if (show === 'summary') return table;
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
