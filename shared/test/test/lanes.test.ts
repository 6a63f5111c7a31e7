import assert from 'node:assert/strict';
import { test } from 'node:test';
import { repositoryRoot } from '../../runtime/places.ts';
import { choose } from '../choose.ts';
import { lanesFor } from '../lanes.ts';

test('every test file of the repository is in one lane, and builds come first', () => {
  const { files } = choose(repositoryRoot, 'all');
  const groups = lanesFor(files, 2);

  assert.deepEqual(
    groups
      .flat()
      .flatMap((lane) => lane.files)
      .sort(),
    files,
  );
  assert.ok(groups[0]![0]!.files.includes('shared/test/builds.test.ts'));
});

test('what waits longest begins first', () => {
  const [[lane]] = lanesFor(['shared/e2e/stage-1.test.ts', 'shared/e2e/stage-5.test.ts'], 2) as any;

  assert.deepEqual(lane.files, ['shared/e2e/stage-5.test.ts', 'shared/e2e/stage-1.test.ts']);
});
