import { join } from 'node:path';
import { readComposeFile } from '../runtime/compose/compose-file.ts';
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
  environment: Record<string, string>;
  delivers: Delivery;
}

const stage = join(repositoryRoot, 'stage-1');
const preload = new URL('without/preload.ts', import.meta.url).href;

/** The baseline, stage 1, and stage 1 with each signal alone: its own sources, with modules left out as they load. */
export function standardVariants(): Variant[] {
  const baseline = join(repositoryRoot, 'shared/baseline/dice-roller');
  return [
    { name: 'baseline', folder: baseline, environment: {}, delivers: { spans: 0, lines: 0, counts: 0 } },
    stageVariant('stage 1'),
    stageVariant('traces only', ['metrics', 'logger'], { spans: 1, lines: 0, counts: 0 }),
    stageVariant('logs only', ['metrics', 'instrumentation'], { spans: 0, lines: 2, counts: 0 }),
    stageVariant('metrics only', ['logger', 'instrumentation'], { spans: 0, lines: 0, counts: 1 }),
  ];
}

/** Stage 1 from another folder: a copy in which something was changed. */
export function folderVariant(folder: string): Variant {
  return { ...stageVariant(folder), folder };
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

function stageVariant(name: string, without: string[] = [], delivers = { spans: 1, lines: 2, counts: 1 }): Variant {
  const service = readComposeFile(stage).services.find((service) => service.name === 'dice-roller')!;
  const leaveOut = { NODE_OPTIONS: `--import ${preload}`, BENCH_WITHOUT: without.join() };
  const environment = { ...service.environment, ...(without.length > 0 && leaveOut) };
  return { name, folder: join(stage, 'dice-roller'), environment, delivers };
}
