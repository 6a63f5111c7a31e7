import { availableParallelism, loadavg } from 'node:os';
import { resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { Problem } from '../runtime/problem.ts';
import { compareWithAims } from './aims.ts';
import { bench } from './bench.ts';
import { figureTable, losses, ratioTable } from './report.ts';
import { folderVariant, settingVariant, standardVariants } from './variants.ts';

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('It must be a whole number from 1.');
  return number;
}

function oneMore(value: string, values: string[]): string[] {
  return [...values, value];
}

interface Options {
  rounds: number;
  requests: number;
  warmUp: number;
  connections: number;
  only?: string[];
  also: string[];
  with: string[];
}

async function run({ rounds, only, also, with: settings, ...size }: Options): Promise<void> {
  const [baseline, ...rest] = standardVariants();
  const variants = [baseline!, ...rest.filter(({ name }) => !only || only.includes(name))];
  variants.push(...also.map((folder) => folderVariant(resolve(folder))), ...settings.map(settingVariant));
  const results = await bench(variants, rounds, size, (text) => console.error(text));
  console.log(`\n${figureTable(results)}\n\n${ratioTable(results)}\n`);
  console.log(`${rounds} rounds of ${size.requests} requests over ${size.connections} connections, each to a new`);
  console.log(`process, after ${size.warmUp} to warm it up. Spread: half the distance between the quartiles.`);
  console.log(`Load average ${loadavg()[0]!.toFixed(1)} on ${availableParallelism()} processors.\n`);
  const stage = results.find(({ variant }) => variant.name === 'stage 1');
  if (stage) console.log(`Aims of stage 1:\n  ${compareWithAims(stage, results[0]!).join('\n  ')}`);
  if (losses(results).length > 0) throw new Problem(`Telemetry was lost:\n  ${losses(results).join('\n  ')}`);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const program = new Command('bench')
  .description('Measures what telemetry costs: compares the baseline with stage 1 and with each of its signals alone.')
  .option('--rounds <n>', 'how often each is measured', wholeNumber, 5)
  .option('--requests <n>', 'measured requests per round', wholeNumber, 10_000)
  .option('--warm-up <n>', 'requests before those, to warm up', wholeNumber, 3000)
  .option(
    '--connections <n>',
    'connections; each sends its next request when the last one is answered',
    wholeNumber,
    20,
  )
  .option('--only <names...>', 'measure only these variants of stage 1, and the baseline')
  .option('--also <folder>', 'also measure a changed copy of stage 1 (repeatable)', oneMore, [])
  .option('--with <NAME=value>', 'also measure stage 1 with this environment variable (repeatable)', oneMore, [])
  .action(run);

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof Problem)) throw error;
  console.error(error.message);
  process.exit(1);
}
