import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { TestContext } from 'node:test';
import { repositoryRoot } from '../../runtime/places.ts';
import { findBinary } from '../../runtime/plan/find-binary.ts';
import { stageFixture } from '../../runtime/test/stage-fixture.ts';

export interface PracticeStage {
  directory: string;
  /** Starts it, or restarts what has changed. */
  up: () => Promise<void>;
  /** Makes a file as it is in the repository again. */
  restore: (file: string) => void;
}

const variables = ['DICE_ROLLER', 'FRONTEND', 'DIE_SERVICE', 'OTLP_GRPC', 'OTLP_HTTP', 'FLUENTD', 'POSTGRES'];
/** What builds a front end, starts PostgreSQL as another user than root, and is the command of a service. */
const tools = ['npm', 'sh', 'id', 'chown', 'test', 'setpriv', 'true'];
const backEnds = ['PROMETHEUS', 'LOKI', 'TEMPO', 'GRAFANA'];

/**
 * Copies a stage to where it finds the root's packages, to be started natively with ports and a state folder of its own.
 * @param programs of back ends that are on its PATH; there are no others
 */
export async function practiceStage(t: TestContext, stage: string, programs: string[] = []): Promise<PracticeStage> {
  const runs = join(repositoryRoot, '.run');
  mkdirSync(runs, { recursive: true });
  const folder = mkdtempSync(join(runs, 'practice-test-'));
  const directory = join(folder, stage);
  // A build keeps links to packages in a folder of that name, too.
  const packages = /^(?!.*\.next\/).*\bnode_modules$/;
  cpSync(join(repositoryRoot, stage), directory, { recursive: true, filter: (path) => !packages.test(path) });
  rollFaster(join(directory, 'compose.yaml'));
  const names = [...variables, ...backEnds].map((name) => `${name}_PORT`);
  const path = join(folder, 'bin');
  mkdirSync(path);
  const needed = tools.flatMap((tool) => findBinary([tool]) ?? []);
  for (const program of [process.execPath, ...needed, ...programs]) symlinkSync(program, join(path, basename(program)));
  const { environment, runtime } = await stageFixture(t, directory, names, path);
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  Object.assign(process.env, environment, { PATH: process.env.PATH });
  return {
    directory,
    restore: (file) => {
      cpSync(join(repositoryRoot, stage, file), join(directory, file));
      if (file === 'compose.yaml') rollFaster(join(directory, file));
    },
    up: async () => {
      const { code, output } = await runtime('up', directory);
      if (code !== 0) throw new Error(`The stage did not start:\n${output}`);
    },
  };
}

/** A roll takes up to a second otherwise. */
function rollFaster(composeFile: string): void {
  const text = readFileSync(composeFile, 'utf8');
  const edited = text.replace('x-telemetry: &telemetry\n', (line) => `${line}  ROLL_MAX_DELAY_MS: 20\n`);
  if (edited === text) throw new Error('compose.yaml has no x-telemetry any more, so mend the test.');
  writeFileSync(composeFile, edited);
}
