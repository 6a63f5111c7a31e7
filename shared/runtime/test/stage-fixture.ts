import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts } from '../free-ports.ts';
import { repositoryRoot } from '../places.ts';
import type { State } from '../run/state.ts';

/** What a command of the runtime printed, and how it ended. */
export interface Result {
  code: number | null;
  output: string;
}

/** A place of its own for a stage: state folder and ports, so that no test meets another or a running stage. */
export interface StageFixture {
  environment: Record<string, string>;
  runDirectory: string;
  runtime: (...words: string[]) => Promise<Result>;
  state: () => State;
}

export const fixtures = join(import.meta.dirname, 'fixtures');

/** Tests start the same programs again and again; `make test` says where they may be kept compiled. */
const compileCache: Record<string, string> = process.env.NODE_COMPILE_CACHE
  ? { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE }
  : {};

/** The command line of the runtime, for tests that start it themselves. */
export const runtimeCommand = [join(import.meta.dirname, '../cli.ts')];

/** Whatever runs hooks at its end: a test, or a whole file by node:test's own `after`. */
export interface Ends {
  after: (hook: () => void | Promise<void>) => void;
}

/**
 * Sets up a fixture, and stops its stage when the test, or the file, has ended.
 * @param variables names of the port variables that get a free port each
 */
export async function stageFixture(t: Ends, stage: string, variables: string[], path = ''): Promise<StageFixture> {
  const runDirectory = mkdtempSync(join(tmpdir(), 'stage-'));
  const environment: Record<string, string> = { DICE_RUN_DIR: runDirectory, PATH: path, ...compileCache };
  for (const [index, port] of (await freePorts(variables.length)).entries())
    environment[variables[index]!] = String(port);
  const fixture: StageFixture = {
    environment,
    runDirectory,
    runtime: (...words) => run(environment, words),
    state: () => JSON.parse(readFileSync(join(runDirectory, 'state.json'), 'utf8')),
  };
  t.after(async () => {
    await fixture.runtime('down', stage);
    rmSync(runDirectory, { recursive: true, force: true });
  });
  return fixture;
}

/** Waits for the end of the output, not only of the process: whoever kept the pipe open would be found out. */
async function run(environment: Record<string, string>, words: string[]): Promise<Result> {
  const child = spawn(process.execPath, [...runtimeCommand, ...words], { cwd: repositoryRoot, env: environment });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return { code: child.exitCode, output: stdout + stderr };
}

/** Tries until it does not throw; for what another process will do in its own time. The runner's timeout is the limit. */
export async function eventually<T>(attempt: () => T | Promise<T>): Promise<T> {
  for (let last = 600; ; last--) {
    try {
      return await attempt();
    } catch (error) {
      if (last === 0) throw error;
    }
    await sleep(50);
  }
}
