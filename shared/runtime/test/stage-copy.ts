import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { TestContext } from 'node:test';
import { repositoryRoot } from '../places.ts';
import { stageFixture } from './stage-fixture.ts';
import { portVariables } from './stage-ports.ts';

/** A copy of a stage that a test may change, with ports and a state folder that only this test has. */
export interface StageCopy {
  directory: string;
  /** What its commands are run with. */
  environment: Record<string, string>;
  /** Changes a file; a text that is not there any more fails the test, which would prove nothing without it. */
  edit: (file: string, from: string, to: string) => void;
  /** Starts it natively, or restarts what has changed. */
  up: () => Promise<void>;
}

const runs = join(repositoryRoot, '.run');
/** A build keeps links to packages in a folder of that name, too. */
const packages = /^(?!.*\.next\/).*\bnode_modules$/;

/**
 * Copies a stage to where it finds the root's packages. It is stopped and removed when the test has ended.
 * @param source the stage's folder
 * @param programs the only ones on its PATH
 */
export async function copyStage(t: TestContext, source: string, programs: string[] = []): Promise<StageCopy> {
  mkdirSync(runs, { recursive: true });
  const folder = mkdtempSync(join(runs, 'copy-'));
  const directory = join(folder, basename(source));
  cpSync(source, directory, { recursive: true, filter: (path) => !packages.test(path) });
  const path = join(folder, 'bin');
  mkdirSync(path);
  for (const program of programs) symlinkSync(program, join(path, basename(program)));
  const { environment, runtime } = await stageFixture(t, directory, portVariables, path);
  // Hooks run in the order in which they were added: the fixture's stops the stage first.
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return {
    directory,
    environment,
    edit: (...words) => edit(directory, ...words),
    up: async () => {
      const { code, output } = await runtime('up', directory);
      if (code !== 0) throw new Error(`${basename(directory)} did not start:\n${output}`);
    },
  };
}

function edit(stage: string, file: string, from: string, to: string): void {
  const path = join(stage, file);
  const text = readFileSync(path, 'utf8');
  if (!text.includes(from))
    throw new Error(`${file} of ${basename(stage)} does not hold this any more, so mend the test: ${from}`);
  // A function, because a dollar sign in a replacement text has a meaning.
  writeFileSync(
    path,
    text.replaceAll(from, () => to),
  );
}
