import { cpSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { repositoryRoot } from '../../runtime/places.ts';
import { findBinary } from '../../runtime/plan/find-binary.ts';
import { copyStage, type StageCopy } from '../../runtime/test/stage-copy.ts';

export interface PracticeStage extends StageCopy {
  /** Makes a file as it is in the repository again. */
  restore: (file: string) => void;
}

/** What builds a front end, starts PostgreSQL as another user than root, and is the command of a service. */
const tools = ['npm', 'sh', 'id', 'chown', 'test', 'setpriv', 'true'];

/**
 * Copies a stage, to be started natively and practised on.
 * @param programs of back ends that are on its PATH; there are no others
 */
export async function practiceStage(t: TestContext, stage: string, programs: string[] = []): Promise<PracticeStage> {
  const source = join(repositoryRoot, stage);
  const needed = tools.flatMap((tool) => findBinary([tool]) ?? []);
  const copy = await copyStage(t, source, [process.execPath, ...needed, ...programs]);
  rollFaster(copy);
  Object.assign(process.env, copy.environment, { PATH: process.env.PATH });
  return {
    ...copy,
    restore: (file) => {
      cpSync(join(source, file), join(copy.directory, file));
      if (file === 'compose.yaml') rollFaster(copy);
    },
  };
}

/** A roll takes up to a second otherwise. */
function rollFaster({ edit }: StageCopy): void {
  const line = 'x-telemetry: &telemetry\n';
  edit('compose.yaml', line, `${line}  ROLL_MAX_DELAY_MS: 20\n`);
}
