import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { PlannedService } from '../plan/plan.ts';
import { Problem } from '../problem.ts';

type Checked = Pick<PlannedService, 'name' | 'directory' | 'environment'>;

/**
 * Checks the syntax and the types of a TypeScript service, except for its tests.
 * @throws Problem with file, line and error
 */
export async function checkTypes({ name, directory, environment }: Checked): Promise<void> {
  const project = join(directory, 'tsconfig.json');
  if (!existsSync(project)) return;
  const words = ['--noEmit', '--pretty', 'false', '--project', project];
  const printed = await promisify(execFile)('tsc', words, { env: environment }).then(
    () => '',
    ({ stdout, message }: { stdout?: string; message: string }) => stdout || message,
  );
  const errors = errorsIn(printed, directory);
  if (errors.length === 0) return;
  throw new Problem(`${errors.join('\n')}\n\n${name} was not restarted: the old one keeps running.`);
}

/** `src/app.ts(3,7): error …` as `src/app.ts:3:7 error …`, which terminals turn into links; further lines are indented. */
function errorsIn(printed: string, directory: string): string[] {
  const errors = printed.trim().split(/\n(?! )/);
  const inTests = new RegExp(`(^|/)test/[^(]*\\(`);
  return errors
    .filter((error) => error !== '' && !inTests.test(error.replace(directory, '')))
    .map((error) => error.replace(/^([^(]+)\((\d+),(\d+)\):/, '$1:$2:$3'));
}
