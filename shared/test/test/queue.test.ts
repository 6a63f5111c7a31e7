import assert from 'node:assert/strict';
import { test } from 'node:test';
import { repositoryRoot } from '../../runtime/places.ts';
import { choose } from '../choose.ts';
import { queueOf } from '../queue.ts';

const builds = 'shared/test/builds.test.ts';

test('every test file of the repository is in the queue once', () => {
  const { files } = choose(repositoryRoot, 'all');
  const queue = queueOf(files).map(({ file }) => file);

  assert.deepEqual(queue.sort(), files);
});

test('the longest begin first, and what needs the builds comes after them', () => {
  const files = [
    'shared/e2e/stage-1.test.ts',
    'shared/e2e/stage-5.test.ts',
    'shared/runtime/test/a.test.ts',
    builds,
    'stage-2/frontend/test/a.test.ts',
  ];

  assert.deepEqual(queueOf(files), [
    { file: builds, after: undefined },
    { file: 'shared/e2e/stage-5.test.ts', after: builds },
    { file: 'shared/e2e/stage-1.test.ts', after: builds },
    { file: 'shared/runtime/test/a.test.ts', after: undefined },
    { file: 'stage-2/frontend/test/a.test.ts', after: builds },
  ]);
});

test('a front end whose builds are not chosen need not wait', () => {
  const file = 'stage-2/frontend/test/a.test.ts';

  assert.deepEqual(queueOf([file]), [{ file, after: undefined }]);
});
