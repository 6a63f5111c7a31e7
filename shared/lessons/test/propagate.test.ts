import assert from 'node:assert/strict';
import { test } from 'node:test';
import { propagate, type PropagateOptions } from '../propagate/propagate.ts';
import {
  borrowSmallRepository,
  openSmallRepository,
  type SmallFolder,
  type SmallRepository,
} from './small-repository.ts';

const options: PropagateOptions = { from: '1', since: 'HEAD', dryRun: false };

function carry({ root }: SmallFolder, more: Partial<PropagateOptions> = {}): string {
  return propagate(root, { ...options, ...more });
}

/** What is on disk and not committed, each with its state. */
function status({ git }: SmallRepository): string[] {
  return git('status', '--porcelain', '--untracked-files=all')
    .split('\n')
    .map((line) => line.trim());
}

test('an edit goes into all later stages, and what they changed themselves stays', () => {
  using repository = openSmallRepository();
  repository.edit('stage-1/dice/src/app.ts', '// three', '// THREE');
  const said = carry(repository);
  assert.equal(
    repository.read('stage-2/dice/src/app.ts').split('\n').slice(1, 5).join(),
    '// metrics, logs,// one,// two,// THREE',
  );
  assert.equal(
    repository.read('stage-3/dice/src/app.ts').split('\n').slice(1, 5).join(),
    '// metrics, logs, traces,// one,// two,// THREE',
  );
  assert.match(said, /stage-2, written:\n  M dice\/src\/app\.ts\nstage-3, written:\n  M dice\/src\/app\.ts/);
  assert.deepEqual(
    status(repository),
    [1, 2, 3].map((stage) => `M stage-${stage}/dice/src/app.ts`),
  );
});

test('lines that name the stage stay its own', () => {
  using repository = openSmallRepository();
  repository.edit('stage-1/README.md', 'Roll dice.', 'Roll two dice.');
  carry(repository);
  assert.equal(repository.read('stage-3/README.md'), '# Stage 3\n\nRoll two dice.\n');
});

test('what a stage has for itself is not carried forward, and the rest of the change is', () => {
  using repository = openSmallRepository();
  repository.write('stage-1/images/dashboard.svg', '<svg/>\n');
  repository.edit('stage-1/dice/src/app.ts', '// three', '// THREE');
  carry(repository);
  assert.deepEqual(status(repository), [
    ...[1, 2, 3].map((stage) => `M stage-${stage}/dice/src/app.ts`),
    '?? stage-1/images/dashboard.svg',
  ]);
});

test('new files, deletions and modes go along', () => {
  using repository = openSmallRepository();
  repository.write('stage-1/dice/bin/run.sh', '#!/bin/sh\n');
  repository.git('add', '.');
  repository.git('update-index', '--chmod=+x', 'stage-1/dice/bin/run.sh');
  repository.git('-c', 'user.name=x', '-c', 'user.email=x@example.com', 'commit', '-qm', 'a script');
  repository.git('checkout', '-q', '--', '.');
  repository.remove('stage-1/telemetry.yaml');
  const said = carry(repository, { since: 'HEAD~1' });
  assert.match(said, /stage-3, written:\n  A dice\/bin\/run\.sh\n  D telemetry\.yaml/);
  repository.git('add', '.');
  assert.match(repository.git('ls-files', '--stage', 'stage-3'), /^100755 \w+ 0\tstage-3\/dice\/bin\/run\.sh$/m);
  assert.doesNotMatch(repository.git('ls-files', 'stage-3'), /telemetry/);
});

test("a rename goes along, and takes the later stages' own lines with it", () => {
  using repository = openSmallRepository();
  repository.move('stage-1/dice/src/app.ts', 'stage-1/dice/src/server.ts');
  carry(repository);
  assert.match(repository.read('stage-3/dice/src/server.ts'), /metrics, logs, traces/);
  assert.throws(() => repository.read('stage-3/dice/src/app.ts'), /ENOENT/);
});

test('what was committed counts from SINCE, what was not is added to it', () => {
  using repository = openSmallRepository();
  repository.edit('stage-1/telemetry.yaml', 'counter', 'gauge');
  repository.commit('committed');
  assert.throws(() => carry(repository), /Nothing changed in stage-1 since HEAD/);
  repository.edit('stage-1/compose.yaml', '8000', '9000');
  carry(repository, { since: 'HEAD~1' });
  assert.match(repository.read('stage-3/telemetry.yaml'), /gauge/);
  assert.match(repository.read('stage-3/compose.yaml'), /9000/);
});

test('a change of stage 2 goes into stage 3 only', () => {
  using repository = openSmallRepository();
  repository.edit('stage-2/compose.yaml', '8000', '9000');
  carry(repository, { from: 'stage-2' });
  assert.match(repository.read('stage-1/compose.yaml'), /8000/);
  assert.match(repository.read('stage-3/compose.yaml'), /9000/);
});

test('TO ends the chain', () => {
  using repository = openSmallRepository();
  repository.edit('stage-1/compose.yaml', '8000', '9000');
  carry(repository, { to: '2' });
  assert.match(repository.read('stage-2/compose.yaml'), /9000/);
  assert.match(repository.read('stage-3/compose.yaml'), /8000/);
});

test('a stage that has one of the changes already takes the others, and holds none back from the stages after it', () => {
  using repository = openSmallRepository();
  for (const stage of [1, 2]) repository.edit(`stage-${stage}/compose.yaml`, '8000', '9000');
  repository.edit('stage-1/telemetry.yaml', 'counter', 'gauge');
  assert.match(
    carry(repository),
    /stage-2, written:\n  M telemetry\.yaml\nstage-3, written:\n  M compose\.yaml\n  M telemetry\.yaml/,
  );
  assert.match(carry(repository), /stage-2: already has the change, nothing to write\nstage-3: already has the change/);
});

test('a conflict shows both sides, and nothing is written, not even to the stages before it', () => {
  using repository = openSmallRepository();
  repository.edit('stage-3/compose.yaml', '8000', '7000');
  repository.commit('a change of stage 3');
  repository.edit('stage-1/compose.yaml', '8000', '9000');
  repository.edit('stage-1/telemetry.yaml', 'counter', 'gauge');
  assert.throws(
    () => carry(repository),
    (error: Error) => {
      assert.match(error.message, /The change in stage-2 cannot be merged into stage-3\. Nothing was written/);
      assert.match(
        error.message,
        /stage-3\/compose\.yaml\n<{7} stage-3\n +PORT: 7000\n={7}\n +PORT: 9000\n>{7} stage-2, changed/,
      );
      assert.match(error.message, /carry it up to stage-2 with TO=2, then make the change in stage-3 by hand.*FROM=3/);
      return true;
    },
  );
  assert.deepEqual(status(repository), ['M stage-1/compose.yaml', 'M stage-1/telemetry.yaml']);
});

test('a file that was deleted, and that a later stage changed, is a conflict', () => {
  using repository = openSmallRepository();
  repository.remove('stage-1/dice/src/app.ts');
  assert.throws(() => carry(repository), /CONFLICT \(modify\/delete\): dice\/src\/app\.ts deleted in stage-1, changed/);
  assert.deepEqual(status(repository), ['D stage-1/dice/src/app.ts']);
});

test('a file that Git ignores is in the way: nothing is written', () => {
  using repository = openSmallRepository();
  repository.write('.gitignore', 'node_modules/\n/stage-3/new.txt\n');
  repository.commit('ignore');
  repository.write('stage-3/new.txt', 'mine');
  repository.write('stage-1/new.txt', 'theirs');
  assert.throws(() => carry(repository), /stage-3\/new\.txt: already exists in working directory/);
  assert.deepEqual(status(repository), ['?? stage-1/new.txt']);
});

test('a dry run shows the lines that would be written, and writes none', () => {
  using repository = openSmallRepository();
  repository.edit('stage-1/compose.yaml', '8000', '9000');
  const said = carry(repository, { dryRun: true });
  assert.match(said, /--- a\/stage-3\/compose\.yaml\n\+\+\+ b\/stage-3\/compose\.yaml/);
  assert.match(said, /stage-3, would be written:\n  M compose\.yaml/);
  assert.deepEqual(status(repository), ['M stage-1/compose.yaml']);
});

test('the index stays as it was', () => {
  using repository = openSmallRepository();
  repository.edit('stage-1/compose.yaml', '8000', '9000');
  repository.write('stage-2/dice/src/logger.ts', '// staged\n');
  repository.git('add', 'stage-2/dice/src/logger.ts');
  const before = repository.git('ls-files', '--stage');
  carry(repository);
  assert.equal(repository.git('ls-files', '--stage'), before);
});

for (const [what, more, message] of [
  ['no stage', { from: '' }, /There is no stage "".*make propagate FROM=1\. Stages: stage-1, stage-2, stage-3/],
  ['a stage that is not there', { from: '7' }, /There is no stage "7"/],
  ['the last stage', { from: '3' }, /There is no stage after stage-3/],
  ['no commit', { since: 'nothing' }, /SINCE=nothing is not a commit/],
] as const) {
  test(`${what} is refused, saying what to write`, () => {
    using folder = borrowSmallRepository();
    assert.throws(() => carry(folder, more), message);
  });
}
