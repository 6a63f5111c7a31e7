import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { repositoryRoot } from '../../runtime/places.ts';

const baseline = join(repositoryRoot, 'shared/baseline/dice-roller');
const stage = join(repositoryRoot, 'stage-1/dice-roller');

/** The lines of the baseline's file that stage 1 does not have at the same place in the order. */
function linesLost(file: string): string[] {
  const args = ['diff', '--no-index', '--unified=0', '--minimal', join(baseline, file), join(stage, file)];
  const { stdout } = spawnSync('git', args, { encoding: 'utf8' });

  return [...stdout.matchAll(/^-(?!--)(.*)$/gm)].map(([, line]) => line!);
}

/** What instrumenting changes in place; all else of it is added lines. */
const changed: Record<string, string[]> = {
  'src/app.ts': [
    '  const value = await roll(die);',
    'const logError: ErrorRequestHandler = (error, _req, _res, next) => {',
    '    console.error(isHttpError(error) ? error.message : error.stack);',
  ],
  Dockerfile: [`RUN node --eval "import('./src/app.ts')"`, 'CMD ["node", "src/server.ts"]'],
};

const sources = readdirSync(join(baseline, 'src')).map((file) => `src/${file}`);

for (const file of [...sources, 'tsconfig.json', '.dockerignore', 'Dockerfile', 'test/die.test.ts']) {
  test(`instrumenting moves and re-indents nothing in ${file}`, () => {
    assert.deepEqual(linesLost(file), changed[file] ?? []);
  });
}
