import { join } from 'node:path';
import { readComposeFile } from '../runtime/compose/compose-file.ts';
import { findProgram } from '../runtime/plan/program.ts';
import { Problem } from '../runtime/problem.ts';
import { repositoryRoot } from '../runtime/places.ts';

/** What one valid roll must deliver: spans, log lines, and the increase of http_requests_total. */
export interface Delivery {
  spans: number;
  lines: number;
  counts: number;
}

/** One way to run the service. */
export interface Variant {
  name: string;
  folder: string;
  /** How its image starts it. */
  command: string[];
  environment: Record<string, string>;
  delivers: Delivery;
}

const stage = join(repositoryRoot, 'stage-1');
const preload = new URL('without/preload.ts', import.meta.url).href;

/**
 * The baseline, stage 1, and stage 1 with each signal alone: stage 1's own sources, with modules left out as they load.
 */
export function standardVariants(): Variant[] {
  const folder = join(repositoryRoot, 'shared/baseline/dice-roller');
  return [
    { name: 'baseline', ...imageIn(folder), delivers: { spans: 0, lines: 0, counts: 0 } },
    stageVariant('stage 1'),
    stageVariant('traces only', ['metrics', 'logger'], { spans: 1, lines: 0, counts: 0 }),
    stageVariant('logs only', ['metrics', 'instrumentation'], { spans: 0, lines: 2, counts: 0 }),
    stageVariant('metrics only', ['logger', 'instrumentation'], { spans: 0, lines: 0, counts: 1 }),
  ];
}

/**
 * Stage 1 from another folder: a copy in which something was changed.
 * @throws Problem if there is no service in it
 */
export function folderVariant(folder: string): Variant {
  return stageVariant(folder, [], everything, folder);
}

/**
 * Stage 1 with an environment variable.
 * @param setting `NAME=value`
 * @throws Problem for another form
 */
export function settingVariant(setting: string): Variant {
  const [, name, value] = /^(\w+)=(.*)$/.exec(setting) ?? [];
  if (name === undefined) throw new Problem(`A setting is NAME=value, not "${setting}".`);
  const variant = stageVariant(setting);
  return { ...variant, environment: { ...variant.environment, [name]: value! } };
}

const everything: Delivery = { spans: 1, lines: 2, counts: 1 };

function stageVariant(
  name: string,
  without: string[] = [],
  delivers = everything,
  folder = join(stage, 'dice-roller'),
): Variant {
  const image = imageIn(folder);
  const leaveOut = { NODE_OPTIONS: `--import ${preload}`, BENCH_WITHOUT: without.join() };
  const environment = { ...image.environment, ...diceRoller().environment, ...(without.length > 0 && leaveOut) };
  return { name, ...image, environment, delivers };
}

/** What a folder's Dockerfile starts, as the native runtime reads it. */
function imageIn(folder: string): Pick<Variant, 'folder' | 'command' | 'environment'> {
  const service = { ...diceRoller(), build: { context: folder, dockerfile: 'Dockerfile' } };
  const program = findProgram(service, stage);
  if (program.kind !== 'own') throw new Problem(`${folder} has none of our services.`);
  return { folder, command: program.command, environment: program.environment };
}

function diceRoller() {
  return readComposeFile(stage).services.find(({ name }) => name === 'dice-roller')!;
}
