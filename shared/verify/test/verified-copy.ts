import { cpSync, readFileSync } from 'node:fs';
import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { convert } from 'xmlbuilder2';
import { repositoryRoot } from '../../runtime/places.ts';
import { copyStage, type StageCopy } from '../../runtime/test/stage-copy.ts';

/** What `verify` came to: its exit code, everything it printed, and the names of what failed according to its JUnit file. */
export interface Verdict {
  code: number | string | null | undefined;
  output: string;
  failed: string[];
}

export interface VerifiedCopy extends StageCopy {
  /** @param patience seconds for what has not come yet */
  verify: (patience: number) => Promise<Verdict>;
}

/**
 * Copies stage 1, to be broken.
 * @param programs of back ends that are on its PATH; there are no others
 */
export async function copyFirstStage(t: TestContext, programs: string[] = []): Promise<VerifiedCopy> {
  const copy = await copyStage(t, join(repositoryRoot, 'stage-1'), programs);
  // Rolls that take little time, but long enough for a client to hang up: what is tested here is what they leave.
  copy.edit('compose.yaml', '      PORT: 8000\n', '      PORT: 8000\n      ROLL_MAX_DELAY_MS: 200\n');
  return { ...copy, verify: (patience) => verify(copy, patience) };
}

/** A stage in small: a front end that one signs in to, with the collector's configuration of stage 6. */
export async function copySignedStage(t: TestContext): Promise<VerifiedCopy> {
  const copy = await copyStage(t, join(import.meta.dirname, 'fixtures/signed'));
  const file = 'observability/otel-collector.yaml';
  cpSync(join(repositoryRoot, 'stage-6', file), join(copy.directory, file));
  return { ...copy, verify: (patience) => verify(copy, patience) };
}

function verify({ directory, environment }: StageCopy, patience: number): Promise<Verdict> {
  const junit = join(dirname(directory), 'verify.xml');
  const program = join(import.meta.dirname, '../cli.ts');
  const options = ['--runtime', 'native', '--junit', junit, '--patience', String(patience)];
  const { promise, resolve } = Promise.withResolvers<Verdict>();
  execFile(
    process.execPath,
    [program, directory, ...options],
    { cwd: repositoryRoot, env: environment, timeout: 120_000 },
    (error, stdout, stderr) => {
      const code = error ? error.code : 0;
      resolve({ code, output: stdout + stderr, failed: code === 2 ? [] : failedCases(junit) });
    },
  );
  return promise;
}

interface Case {
  '@name': string;
  failure?: unknown;
}

function failedCases(file: string): string[] {
  const { testsuites } = convert(readFileSync(file, 'utf8'), { format: 'object' }) as Record<string, any>;
  const suites: { testcase: Case | Case[] }[] = [testsuites.testsuite].flat();
  const cases = suites.flatMap(({ testcase }) => testcase);
  return cases.filter(({ failure }) => failure !== undefined).map((one) => one['@name']);
}
