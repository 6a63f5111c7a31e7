import assert from 'node:assert/strict';
import { test } from 'node:test';
import { repositoryRoot } from '../../runtime/places.ts';
import { choose } from '../choose.ts';
import { lanesFor } from '../lanes.ts';

test('every test file of the repository is in one lane', () => {
  const { files } = choose(repositoryRoot, 'all');
  const lanes = lanesFor(files, 2).flat();

  assert.deepEqual(lanes.flatMap((lane) => lane.files).sort(), files);
});

test('what needs the builds begins after them, the longest first, and the rest runs alongside', () => {
  const files = [
    'shared/e2e/stage-1.test.ts',
    'shared/e2e/stage-5.test.ts',
    'shared/runtime/test/a.test.ts',
    'shared/test/builds.test.ts',
    'stage-2/frontend/test/a.test.ts',
    'stage-2/traffic/test/a.test.ts',
  ];

  assert.deepEqual(
    lanesFor(files, 2).map((lanes) => lanes.map((lane) => lane.files)),
    [
      [
        ['shared/test/builds.test.ts'],
        ['shared/e2e/stage-5.test.ts', 'shared/e2e/stage-1.test.ts', 'stage-2/frontend/test/a.test.ts'],
      ],
      [['shared/runtime/test/a.test.ts']],
      [['stage-2/traffic/test/a.test.ts']],
    ],
  );
});
