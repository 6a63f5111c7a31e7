import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { repositoryRoot } from '../../runtime/places.ts';

function run(command: string, ...words: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(command, words, { cwd: repositoryRoot, encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

for (const [words, command] of [
  [['test'], /shared\/test\/cli\.ts *$/m],
  [['test', 'ALL=1'], /shared\/test\/cli\.ts --all *$/m],
  [['test', 'FAST=1'], /shared\/test\/cli\.ts +--fast *$/m],
] as const) {
  test(`make ${words.join(' ')} does what it says`, () => {
    assert.match(run('make', '--dry-run', ...words).output, command);
  });
}

test('all and fast exclude each other', () => {
  const { status, output } = run(process.execPath, 'shared/test/cli.ts', '--all', '--fast');
  assert.equal(status, 2);
  assert.match(output, /ALL=1 and FAST=1 exclude each other/);
});
