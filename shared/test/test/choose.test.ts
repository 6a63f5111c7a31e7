import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { git } from '../../lessons/git.ts';
import { choose } from '../choose.ts';
import { folderOf, packageOf } from './small-stages.ts';

const repository = {
  ...packageOf('stage-1/web'),
  ...packageOf('stage-2/web'),
  ...packageOf('stage-2/frontend'),
  'stage-2/web/node_modules/x/test/x.test.ts': '',
  'shared/tool/test/tool.test.ts': '',
  'shared/tool/test/tool.slow.test.ts': '',
  'shared/e2e/stage-1.test.ts': '',
};

test('usually, what can only end as in the stage before runs there, which the notes say', (t) => {
  const { files, notes } = choose(folderOf(t, repository), 'usual');

  assert.deepEqual(files, [
    'shared/e2e/stage-1.test.ts',
    'shared/tool/test/tool.test.ts',
    'stage-1/web/test/a.test.ts',
    'stage-2/frontend/test/a.test.ts',
  ]);
  assert.deepEqual(notes, [
    'not run again: 1 test file of stage-2/web, identical in stage-1/web with every file used (ALL=1 runs all)',
    'not run: 1 test file slow (ALL=1 runs them)',
  ]);
});

test('usually, slow tests that go by a stage run if anything of it has changed since main, but of two stages at most', (t) => {
  const slow = Object.fromEntries([1, 2, 3].map((stage) => [`shared/tool/test/stage-${stage}.slow.test.ts`, '']));
  const root = folderOf(t, { ...repository, ...slow });
  const as = ['-c', 'user.name=test', '-c', 'user.email=test@example.org'];
  git(root, ['init', '--quiet', '--initial-branch=main']);
  git(root, ['add', '.']);
  git(root, [...as, 'commit', '--quiet', '--message=stages']);
  writeFileSync(join(root, 'stage-2/frontend/test/a.test.ts'), '// changed');
  mkdirSync(join(root, 'shared/tool/stage-3'));
  writeFileSync(join(root, 'shared/tool/stage-3/new.yaml'), '');

  const chosen = (scope: 'usual' | 'fast') => choose(root, scope).files.filter((file) => file.includes('.slow.'));
  assert.deepEqual(chosen('usual'), ['shared/tool/test/stage-2.slow.test.ts', 'shared/tool/test/stage-3.slow.test.ts']);
  assert.deepEqual(chosen('fast'), []);
  writeFileSync(join(root, 'stage-1/new.ts'), '');
  assert.deepEqual(chosen('usual'), []);
});

test('all leaves nothing out', (t) => {
  const { files, notes } = choose(folderOf(t, repository), 'all');

  assert.deepEqual(files, [
    'shared/e2e/stage-1.test.ts',
    'shared/tool/test/tool.slow.test.ts',
    'shared/tool/test/tool.test.ts',
    'stage-1/web/test/a.test.ts',
    'stage-2/frontend/test/a.test.ts',
    'stage-2/web/test/a.test.ts',
  ]);
  assert.deepEqual(notes, []);
});

test('fast leaves out whole stages and what must be built, which the notes say', (t) => {
  const { files, notes } = choose(folderOf(t, repository), 'fast');

  assert.deepEqual(files, ['shared/tool/test/tool.test.ts', 'stage-1/web/test/a.test.ts']);
  assert.match(notes.at(-1)!, /^not run: 2 test files .*FAST=1/);
});
