import assert from 'node:assert/strict';
import { test } from 'node:test';
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

test('usually, what is identical with the stage before is counted there, which the notes say', (t) => {
  const { files, notes } = choose(folderOf(t, repository), 'usual');

  assert.deepEqual(files, [
    'shared/e2e/stage-1.test.ts',
    'shared/tool/test/tool.test.ts',
    'stage-1/web/test/a.test.ts',
    'stage-2/frontend/test/a.test.ts',
  ]);
  assert.deepEqual(notes, [
    'stage-2/web: counted in stage-1/web, which is identical (ALL=1 runs it again)',
    'not run: 1 test files slow (ALL=1 runs them)',
  ]);
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
