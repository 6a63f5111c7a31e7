import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { thisPlatform } from '../back-ends/platform.ts';
import { repositoryRoot, runDirectory } from '../runtime/places.ts';
import { Problem } from '../runtime/problem.ts';
import { runProgram } from '../runtime/run-program.ts';
import { load } from './load.ts';
import { save } from './save.ts';

const program = new Command('offline').description('Takes all that a stage needs to machines without internet.');
const runtime = () => new Option('--runtime <name>', 'native leaves the images out').choices(['docker', 'native']);
const platforms = ['linux-amd64', 'linux-arm64', 'darwin-amd64', 'darwin-arm64', 'windows-amd64'];

program
  .command('save')
  .description("write the images of a stage, or of all, and npm's packages as one archive")
  .argument('[stage]', 'stage-1, stage-2, …; all where none is given')
  .option('--file <path>', 'the archive')
  .option('--platform <names>', "npm's packages for other machines too: linux-arm64,darwin-arm64, or all")
  .addOption(runtime())
  .action(async (stage: string | undefined, { file, platform, runtime }) => {
    const stages = stage ? [stage] : allStages();
    const options = { stages, file: fileOf(stage, file), native: runtime === 'native' };
    await untilInterrupted((signal) => save({ ...options, platforms: platformsOf(platform), signal }));
  });

program
  .command('load')
  .description('load such an archive, if each file in it has the right SHA-256')
  .argument('[stage]', 'the stage whose archive make save wrote here')
  .option('--file <path>', 'the archive')
  .addOption(runtime())
  .action(async (stage: string | undefined, { file, runtime }) => {
    await untilInterrupted((signal) => load(fileOf(stage, file), runtime === 'native', signal));
  });

function fileOf(stage: string | undefined, file: string | undefined): string {
  return file ? resolve(file) : join(runDirectory(), 'save', `${stage ?? 'all-stages'}.tar`);
}

function allStages(): string[] {
  const isStage = (name: string): boolean =>
    /^stage-\d+$/.test(name) && existsSync(join(repositoryRoot, name, 'compose.yaml'));
  return readdirSync(repositoryRoot).filter(isStage).sort();
}

function platformsOf(others = ''): string[] {
  const wanted = others === 'all' ? platforms : others.split(/[\s,]+/).filter(Boolean);
  const unknown = wanted.find((each) => !platforms.includes(each));
  if (unknown) throw new Problem(`There is no platform ${unknown}. There are: ${platforms.join(', ')}, or all.`);
  return [...new Set([thisPlatform(), ...wanted])];
}

async function untilInterrupted(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const interrupt = new AbortController();
  process.once('SIGINT', () => interrupt.abort()).once('SIGTERM', () => interrupt.abort());
  try {
    await work(interrupt.signal);
  } catch (error) {
    throw interrupt.signal.aborted ? new Problem('Interrupted. Run it again; it begins anew.') : error;
  }
}

await runProgram(program);
