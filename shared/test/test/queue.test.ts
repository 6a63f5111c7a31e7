import assert from 'node:assert/strict';
import { test } from 'node:test';
import { repositoryRoot } from '../../runtime/places.ts';
import { choose } from '../choose.ts';
import { queueOf } from '../queue.ts';
import { folderOf } from './small-stages.ts';

const builds = 'shared/test/builds.test.ts';

test('every test file of the repository is in the queue once', () => {
  const { files } = choose(repositoryRoot, 'all');
  const queue = queueOf(repositoryRoot, files).flatMap((queued) => queued.files);

  assert.deepEqual(queue.sort(), files);
});

test('the longest begin first, what needs the builds comes after them, and whole stages mostly wait', (t) => {
  const files = [
    'shared/e2e/stage-1.test.ts',
    'shared/e2e/stage-5.test.ts',
    'shared/runtime/test/a.test.ts',
    builds,
    'stage-2/frontend/test/a.test.ts',
  ];

  assert.deepEqual(queueOf(folderOf(t, { 'shared/runtime/test/a.test.ts': '' }), files), [
    { files: [builds], after: undefined, waits: false },
    { files: ['shared/e2e/stage-5.test.ts'], after: builds, waits: true },
    { files: ['shared/e2e/stage-1.test.ts'], after: undefined, waits: true },
    { files: ['shared/runtime/test/a.test.ts'], after: undefined, waits: false },
    { files: ['stage-2/frontend/test/a.test.ts'], after: builds, waits: false },
  ]);
});

test('a front end whose builds are not chosen need not wait', () => {
  const file = 'stage-2/frontend/test/a.test.ts';

  assert.deepEqual(queueOf(repositoryRoot, [file]), [{ files: [file], after: undefined, waits: false }]);
});

test('the small files of a tool share a process, unless they change it or start programs', (t) => {
  const texts = {
    'shared/runtime/test/a.test.ts': "test('a', (t) => {\n  process.env.A = '1';\n});",
    'shared/runtime/test/b.test.ts': '',
    'shared/runtime/test/crash.test.ts': '',
    'shared/runtime/test/environment.test.ts': "process.env.A = '1';",
    'shared/runtime/test/hook.test.ts': "import './x.ts';\nafterEach(() => undefined);",
    'shared/runtime/test/it.slow.test.ts': '',
    'shared/verify/test/a.test.ts': '',
    'stage-1/dice-roller/test/a.test.ts': '',
    'stage-1/dice-roller/test/b.test.ts': '',
  };
  const processes = queueOf(folderOf(t, texts), Object.keys(texts)).map(({ files }) => files);

  assert.deepEqual(
    processes.filter((files) => files.length > 1),
    [['shared/runtime/test/a.test.ts', 'shared/runtime/test/b.test.ts']],
  );
  assert.equal(processes.length, 8);
});
