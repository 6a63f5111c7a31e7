import { Command, InvalidArgumentError, Option } from 'commander';
import { Problem } from '../runtime/problem.ts';
import { runningStage } from '../verify/stage/find-stage.ts';
import { dockerControl } from './control/docker-control.ts';
import { nativeControl } from './control/native-control.ts';
import { runDrill } from './drill.ts';
import { verdict } from './report.ts';
import { stepsOf } from './steps.ts';

interface Options {
  runtime?: 'docker' | 'native';
  only?: string[];
  requests: number;
  seed: string;
  phase: number;
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('It must be a whole number from 1.');
  return number;
}

async function run(name: string, { runtime, only, requests, seed, phase }: Options): Promise<void> {
  const stage = await runningStage(name, runtime);
  const steps = stepsOf(stage.directory, only);
  const control = stage.how === 'Docker' ? dockerControl(stage.directory) : nativeControl(name);
  const settings = { requests, seed, phase: phase * 1000 };
  const signal = interruption();
  const findings = await runDrill({ stage, control, settings, signal }, steps, console.log).catch((error: unknown) => {
    if (!signal.aborted || error instanceof Problem) throw error;
    console.error(`\nInterrupted. ${stage.name} runs as it did before.`);
    process.exit(130);
  });
  console.log(`\n${verdict(stage.name, findings)}`);
  process.exitCode = findings.some(({ outcome }) => outcome === 'failed') ? 1 : 0;
}

/** The first Ctrl-C ends the drill in order: what it stopped is started again, whatever happens in the meantime. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => controller.abort());
  return controller.signal;
}

const program = new Command('drill')
  .description('Breaks a running stage on purpose, checks that it recovers, and leaves it running.')
  .argument('<stage>', 'stage-1, stage-2, …, or a folder with a compose.yaml')
  .addOption(new Option('--runtime <how>', 'what runs the stage').choices(['docker', 'native']))
  .option('--only <steps...>', 'run only these steps: hostile, collector, sigterm, sigkill, …')
  .option('--requests <n>', 'how many hostile requests', wholeNumber, 10_000)
  .option('--seed <text>', 'makes the hostile requests repeatable', 'drill')
  .option('--phase <seconds>', 'how long each phase of ordinary load lasts', wholeNumber, 5)
  .addHelpText(
    'after',
    '\nExit code: 0 nothing failed, 1 something did, 2 the stage could not be drilled, 130 interrupted.',
  )
  .action(run);

// The reader of our output may stop early (`| head`); the stage must still be left running.
process.stdout.on('error', () => process.kill(process.pid, 'SIGTERM'));

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof Problem)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
