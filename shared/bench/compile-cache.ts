import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, delimiter } from 'node:path';
import { tmpdir } from 'node:os';
import { Problem } from '../runtime/problem.ts';

/**
 * Fills a compile cache as building the image does: with the command of the Dockerfile's `RUN node …`.
 * @returns the environment that makes a service use it
 * @throws Problem when the Dockerfile has no such line
 */
export function buildCompileCache(folder: string): Record<string, string> {
  const [, command] = /^RUN (node .*)$/m.exec(readFileSync(join(folder, 'Dockerfile'), 'utf8')) ?? [];
  if (command === undefined)
    throw new Problem(`${folder}/Dockerfile has no RUN node …, which fills the compile cache.`);
  const cache = { NODE_COMPILE_CACHE: mkdtempSync(join(tmpdir(), 'bench-compile-cache-')) };
  process.once('exit', () => rmSync(cache.NODE_COMPILE_CACHE, { recursive: true, force: true }));
  // The same Node as the service's: a cache is valid for one version only.
  const PATH = [dirname(process.execPath), process.env.PATH].join(delimiter);
  execFileSync('sh', ['-c', command], { cwd: folder, env: { PATH, ...cache } });
  return cache;
}
