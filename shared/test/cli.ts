import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { spec as Spec, type TestEvent } from 'node:test/reporters';
import { Command } from 'commander';
import { repositoryRoot } from '../runtime/places.ts';
import { runProgram } from '../runtime/run-program.ts';
import { choose, type Scope } from './choose.ts';
import closingLine from './closing-line.ts';
import { queueOf } from './queue.ts';
import { runQueue } from './run-queue.ts';

/** Debian's Chromium without windows: the same engine, for a quarter of the CPU. */
const lightBrowser = '/usr/bin/chromium-headless-shell';

/** Tests often wait, for exports and restarts; more of them at a time keep the processors busy. */
const concurrency = 2.5 * availableParallelism();

const program = new Command('test')
  .description('Runs the tests of the tools and of the stages.')
  .option('--all', 'also what is counted in an earlier stage, and what is slow', false)
  .option('--fast', 'neither browsers, nor the bench, nor whole programs', false)
  .action(async ({ all, fast }) => {
    if (all && fast) program.error('ALL=1 and FAST=1 exclude each other.', { exitCode: 2 });
    await runTests(all ? 'all' : fast ? 'fast' : 'usual');
  });

async function runTests(scope: Scope): Promise<void> {
  const { files, notes } = choose(repositoryRoot, scope);
  if (existsSync(lightBrowser)) process.env.CHROMIUM ||= lightBrowser;
  // What the tests start compiles the same packages again and again.
  process.env.NODE_COMPILE_CACHE = join(repositoryRoot, '.run/compile-cache');
  // The make that runs this hands its variables on to every make that a test starts.
  for (const name of ['ALL', 'FAST', 'MAKEFLAGS', 'MFLAGS']) delete process.env[name];
  const interruption = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => interruption.abort());
  const events = runQueue(queueOf(repositoryRoot, files), {
    root: repositoryRoot,
    concurrency,
    signal: interruption.signal,
  });
  events.on('data', ({ type, data }: TestEvent) => {
    if (type === 'test:fail' && data.todo === undefined) process.exitCode = 1;
  });
  const spec = events.pipe(new Spec());
  spec.pipe(process.stdout, { end: false });
  const [closing] = await Promise.all([
    Array.fromAsync(closingLine(events.pipe(new PassThrough({ objectMode: true })))),
    once(spec, 'end'),
  ]);
  process.stdout.write([...notes, closing.join('')].join('\n'));
}

await runProgram(program);
