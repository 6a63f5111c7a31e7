import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { execFile } from 'node:child_process';
import { basename, join } from 'node:path';
import type { TestContext } from 'node:test';
import { convert } from 'xmlbuilder2';
import { repositoryRoot } from '../../runtime/places.ts';
import { stageFixture, type StageFixture } from '../../runtime/test/stage-fixture.ts';

/** What `verify` came to: its exit code, all that it printed, and the names of what failed by its JUnit file. */
export interface Verdict {
  code: number | string | null | undefined;
  output: string;
  failed: string[];
}

export interface StageCopy {
  directory: string;
  /** Changes a file; a text that is not there any more fails the test, which would prove nothing without it. */
  edit: (file: string, from: string, to: string) => void;
  up: () => Promise<void>;
  verify: (patience: number) => Promise<Verdict>;
}

const ports = [
  'DICE_ROLLER',
  'FRONTEND',
  'OTLP_GRPC',
  'OTLP_HTTP',
  'FLUENTD',
  'PROMETHEUS',
  'LOKI',
  'TEMPO',
  'GRAFANA',
];
const runs = join(repositoryRoot, '.run');

/**
 * Copies stage 1, to be broken.
 * @param programs of back ends that are on its PATH; there are no others
 */
export async function copyStage(t: TestContext, programs: string[] = []): Promise<StageCopy> {
  const copy = await copyFolder(t, join(repositoryRoot, 'stage-1'), programs);
  // Rolls that take little time, but long enough for a client to hang up: what is tested here is what they leave.
  copy.edit('compose.yaml', '      PORT: 8000\n', '      PORT: 8000\n      ROLL_MAX_DELAY_MS: 200\n');
  return copy;
}

/** A stage in small: a front end that one signs in to, with the collector's configuration of stage 6. */
export async function copySignedStage(t: TestContext): Promise<StageCopy> {
  const copy = await copyFolder(t, join(import.meta.dirname, 'fixtures/signed'), []);
  const file = 'observability/otel-collector.yaml';
  cpSync(join(repositoryRoot, 'stage-6', file), join(copy.directory, file));
  return copy;
}

/**
 * Copies a stage to where it finds the root's packages. It runs natively with ports and a state folder of its own, and is
 * stopped and removed when the test has ended.
 */
async function copyFolder(t: TestContext, source: string, programs: string[]): Promise<StageCopy> {
  mkdirSync(runs, { recursive: true });
  const folder = mkdtempSync(join(runs, 'verify-test-'));
  const stage = join(folder, basename(source));
  cpSync(source, stage, { recursive: true, filter: (path) => basename(path) !== 'node_modules' });
  const path = join(folder, 'bin');
  mkdirSync(path);
  for (const program of programs) symlinkSync(program, join(path, basename(program)));
  const variables = ports.map((name) => `${name}_PORT`);
  const fixture = await stageFixture(t, stage, variables, path);
  // Hooks run in the order in which they were added: the fixture's stops the stage first.
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return {
    directory: stage,
    edit: (...words) => edit(stage, ...words),
    up: () => up(fixture, stage),
    verify: (patience) => verify(fixture, stage, folder, patience),
  };
}

function edit(stage: string, file: string, from: string, to: string): void {
  const path = join(stage, file);
  const text = readFileSync(path, 'utf8');
  if (!text.includes(from))
    throw new Error(`${file} of ${basename(stage)} does not hold this any more, so mend the test: ${from}`);
  writeFileSync(path, text.replaceAll(from, to));
}

async function up({ runtime }: StageFixture, stage: string): Promise<void> {
  const { code, output } = await runtime('up', stage);
  if (code !== 0) throw new Error(`The broken stage did not start:\n${output}`);
}

function verify({ environment }: StageFixture, stage: string, folder: string, patience: number): Promise<Verdict> {
  const junit = join(folder, 'verify.xml');
  const program = join(import.meta.dirname, '../cli.ts');
  const options = ['--runtime', 'native', '--junit', junit, '--patience', String(patience)];
  const { promise, resolve } = Promise.withResolvers<Verdict>();
  execFile(
    process.execPath,
    [program, stage, ...options],
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
