import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts } from '../runtime/free-ports.ts';
import { stagePorts, type PortName } from '../runtime/test/stage-ports.ts';

const root = join(import.meta.dirname, '../..');
const patience = 280_000;

export interface Outcome {
  code: number;
  output: string;
}

/** A stage that a test runs natively, on its own ports and with its own state folder. */
export interface TestStage {
  /** Runs `make stage-N <command>` and waits for its end, whatever its exit code. */
  make(command: string, variables?: Record<string, string>): Promise<Outcome>;
  /** The address of a port by the name of its variable, without `_PORT`. */
  address(port: PortName): string;
  /** Ends the stage and removes its state. */
  remove(): Promise<void>;
}

/** Prepares a stage for a test; nothing is started yet. */
export async function prepareStage(stage: string): Promise<TestStage> {
  const folder = await mkdtemp(join(root, '.run-e2e-'));
  const numbers = await freePorts(stagePorts.length);
  const portOf = Object.fromEntries(stagePorts.map((name, index) => [name, String(numbers[index])]));
  const environment = {
    ...process.env,
    ...Object.fromEntries(stagePorts.map((name) => [`${name}_PORT`, portOf[name]])),
    DICE_RUN_DIR: folder,
    RUNTIME: 'native',
  };

  let mayRun = false;
  const make = async (command: string, variables: Record<string, string> = {}): Promise<Outcome> => {
    if (command === 'up') mayRun = true;
    const outcome = await runMake([stage, command], { ...environment, ...variables });
    if (command === 'down' && outcome.code === 0) mayRun = false;
    return outcome;
  };

  return {
    make,
    address: (port) => `http://127.0.0.1:${portOf[port]}`,
    remove: async () => {
      if (mayRun) await make('down');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function runMake(goals: string[], env: NodeJS.ProcessEnv): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile('make', ['--no-print-directory', ...goals], { cwd: root, env }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, output: stdout + stderr });
    });
  });
}

/** Asks until the answer is as wished, or the test's own timeout ends it. */
export async function until<T>(ask: () => Promise<T>, isWished: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask().catch(() => undefined);
    if (answer !== undefined && isWished(answer)) return answer;
    await sleep(200);
  }
}

export async function getJson(address: string): Promise<any> {
  const response = await fetch(address);

  return response.ok ? response.json() : undefined;
}

/** Starts a stage, lets `more` try it, checks it against its contract, and stops it. */
export function testWholeStage(name: string, more?: (stage: TestStage, t: TestContext) => Promise<void>): void {
  describe(`${name}, run natively`, () => {
    let stage: TestStage;

    before(async () => {
      stage = await prepareStage(name);
      const { code, output } = await stage.make('up');
      assert.equal(code, 0, output);
    });
    after(() => stage.remove());

    test('it matches its whole contract', { timeout: patience }, async () => {
      const { code, output } = await stage.make('verify', { FULL: '1' });
      assert.equal(code, 0, output);
      assert.match(output, new RegExp(`${name}: every check`));
    });

    if (more) test('it does what is new in it', { timeout: patience }, (t) => more(stage, t));

    test('it ends', async () => {
      const { code, output } = await stage.make('down');
      assert.equal(code, 0, output);
    });
  });
}
