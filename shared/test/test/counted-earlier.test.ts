import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countedEarlier } from '../counted-earlier.ts';
import { folderOf, packageOf } from './small-stages.ts';

test('a package counts where it first occurs, in a row of equal ones', (t) => {
  const root = folderOf(t, {
    ...packageOf('stage-9/web'),
    ...packageOf('stage-10/web'),
    ...packageOf('stage-11/web'),
  });

  assert.deepEqual(
    [...countedEarlier(root)],
    [
      ['stage-10/web', 'stage-9/web'],
      ['stage-11/web', 'stage-9/web'],
    ],
  );
});

for (const [what, files] of Object.entries({
  'a source': packageOf('stage-2/web', { source: 'another' }),
  'a test': packageOf('stage-2/web', { test: 'another' }),
  'a file more': { ...packageOf('stage-2/web'), 'stage-2/web/package-lock.json': '{}' },
  'a hidden file': { ...packageOf('stage-2/web'), 'stage-2/web/.dockerignore': 'test' },
})) {
  test(`${what} makes it a separate package`, (t) => {
    const root = folderOf(t, { ...packageOf('stage-1/web'), ...files, ...packageOf('stage-3/web') });

    assert.deepEqual([...countedEarlier(root).keys()], []);
  });
}

test('what was installed and built makes no difference', (t) => {
  const left = { 'stage-2/web/node_modules/a.js': '', 'stage-2/web/.next/BUILD_ID': 'x' };
  const root = folderOf(t, { ...packageOf('stage-1/web'), ...packageOf('stage-2/web'), ...left });

  assert.deepEqual([...countedEarlier(root).keys()], ['stage-2/web']);
});

test('a package whose tests read its neighbour is another when the neighbour is', (t) => {
  const reading = { test: "new URL('../../other', import.meta.url)" };
  const root = folderOf(t, {
    ...packageOf('stage-1/web', reading),
    ...packageOf('stage-1/other'),
    ...packageOf('stage-2/web', reading),
    ...packageOf('stage-2/other', { source: 'another' }),
    ...packageOf('stage-3/web', reading),
    ...packageOf('stage-3/other', { source: 'another' }),
  });

  assert.deepEqual([...countedEarlier(root).keys()], ['stage-3/other', 'stage-3/web']);
});
