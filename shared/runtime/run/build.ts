import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { PlannedService } from '../plan/plan.ts';
import { Problem } from '../problem.ts';

/** Next.js writes it when a build is complete. */
const mark = '.next/BUILD_ID';
/** What no build reads, or what it writes itself. Whatever begins with a dot is left out too. */
const notSources = ['node_modules', 'test', 'next-env.d.ts'];

type Built = Pick<PlannedService, 'name' | 'directory' | 'environment'>;

/**
 * Builds a service whose Dockerfile says `RUN npm run build`, in its own folder, unless nothing was changed since.
 * @throws Problem with the build's last lines
 */
export async function buildIfChanged({ name, directory, environment }: Built): Promise<void> {
  if (!needsBuild(directory) || changed(directory) < changedAt(join(directory, mark))) return;
  console.log(`Building ${name} ...`);
  try {
    await promisify(execFile)('npm', ['run', 'build'], { cwd: directory, env: environment });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    const last = `${stdout}\n${stderr}`.trim().split('\n').slice(-12);
    throw new Problem([`${name} could not be built. The last lines:`, ...last.map((line) => `  | ${line}`)].join('\n'));
  }
}

function needsBuild(directory: string): boolean {
  const dockerfile = join(directory, 'Dockerfile');
  return existsSync(dockerfile) && /^RUN npm run build$/m.test(readFileSync(dockerfile, 'utf8'));
}

/** When anything in a folder was last changed; a folder itself is, when something in it is removed. */
function changed(directory: string): number {
  const entries = readdirSync(directory, { withFileTypes: true }).filter(
    ({ name }) => !name.startsWith('.') && !notSources.includes(name),
  );
  const times = entries.map((entry) => {
    const path = join(directory, entry.name);
    return entry.isDirectory() ? Math.max(changedAt(path), changed(path)) : changedAt(path);
  });
  return Math.max(0, ...times);
}

function changedAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
