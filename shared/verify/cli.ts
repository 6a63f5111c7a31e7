import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { runProgram } from '../runtime/run-program.ts';
import { summary } from './report/summary.ts';
import { resultTable } from './report/table.ts';
import { runningStage } from './stage/find-stage.ts';
import { verify } from './verify.ts';

function seconds(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('It must be a whole number from 1.');
  return number;
}

interface Options {
  runtime?: 'docker' | 'native';
  junit?: string;
  patience: number;
  full?: boolean;
}

async function run(stage: string, { runtime, junit: file, patience, full = false }: Options): Promise<void> {
  const running = await runningStage(stage, runtime);
  const checks = await verify(running, { patience: patience * 1000, full, tell: (text) => console.log(text) });
  console.log(`\n${resultTable(checks)}\n\n${summary(running.name, checks)}`);
  if (file) {
    // Loaded only here: its XML library takes longer to load than all else.
    const { junit } = await import('./report/junit.ts');
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, junit(running.name, checks));
  }
  process.exitCode = checks.some(({ outcome }) => outcome === 'failed') ? 1 : 0;
}

const program = new Command('verify')
  .description('Checks a running stage against its telemetry.yaml, and runs the queries of its dashboards.')
  .argument('<stage>', 'stage-1, stage-2, …, or a folder with a compose.yaml')
  .addOption(new Option('--runtime <how>', 'what runs the stage').choices(['docker', 'native']))
  .option('--full', 'make the rare things happen, too: outages, clients that hang up, … (takes half a minute more)')
  .option('--junit <file>', 'also write the results as JUnit XML')
  .option('--patience <seconds>', 'wait at most this long for telemetry that has not arrived yet', seconds, 90)
  .addHelpText('after', '\nExit code: 0 nothing failed, 1 something did, 2 the stage could not be verified.')
  .action(run);

await runProgram(program, 2);
