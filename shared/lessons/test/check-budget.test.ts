import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkStages } from '../check/check.ts';
import { faultsOf } from './faults-of.ts';
import { lockFile } from './small-files.ts';
import { borrowSmallRepository, type SmallFolder } from './small-repository.ts';

const lines = (count: number): string => '// line\n'.repeat(count);

/** The lesson of stage 2, with so many lines more; stage 3 has them too. */
function lengthen({ edit }: SmallFolder, count: number): void {
  for (const stage of [2, 3]) edit(`stage-${stage}/dice/src/logger.ts`, 'export {};\n', lines(count));
}

test('a lesson as long as the budget is fine', () => {
  assert.deepEqual(
    faultsOf((repository) => lengthen(repository, 9)),
    [],
  );
});

test('a lesson over its budget is named, with the file that has most of it', () => {
  const faults = faultsOf((repository) => lengthen(repository, 10));
  assert.equal(faults.length, 1);
  assert.match(faults[0]!, /^stage-2\/dice\/src\/logger\.ts:1: stage-2 adds 11 lines .* and 10 is the limit/);
  assert.match(faults[0]!, /give the step an exception in shared\/stages\.yaml with its reason/);
});

test('tests and lock files are not counted', () => {
  const faults = faultsOf(({ edit, write }) => {
    edit('shared/stages.yaml', 'adds: [dice/src/logger.ts]', 'adds: [dice/src/logger.ts, dice/test/more.test.ts]');
    for (const stage of [2, 3]) write(`stage-${stage}/dice/test/more.test.ts`, lines(50));
  });
  assert.deepEqual(faults, []);
});

test('deletions over their share of the budget are named', () => {
  const [fault] = faultsOf(({ edit }) => {
    for (const stage of [2, 3]) edit(`stage-${stage}/dice/src/app.ts`, '// one\n// two\n', '');
  });
  assert.match(fault!, /^stage-2\/dice\/src\/app\.ts:1: stage-2 deletes 3 lines .* and 2 is the limit/);
});

test('the traffic programs have their own budget', () => {
  using repository = borrowSmallRepository();
  for (const stage of [1, 2, 3]) {
    repository.write(`stage-${stage}/traffic/package.json`, '{ "name": "traffic" }\n');
    repository.write(`stage-${stage}/traffic/package-lock.json`, lockFile('traffic', {}));
    if (stage > 1) repository.write(`stage-${stage}/traffic/more.ts`, lines(6));
  }
  repository.edit('shared/stages.yaml', 'observability/**, ', 'observability/**, traffic/**, ');
  repository.edit('shared/stages.yaml', 'adds: [dice/src/logger.ts]', 'adds: [dice/src/logger.ts, traffic/more.ts]');
  const faults = checkStages(repository.root).faults.map(({ file, fault }) => `${file}: ${fault}`);
  assert.deepEqual(faults, [
    'stage-2/traffic/more.ts: stage-2 adds 6 lines to the traffic programs, most of them here, and 5 is the limit',
  ]);
});

test('a new package has its own budget', () => {
  const [fault, ...others] = faultsOf(({ edit, write }) => {
    edit('shared/stages.yaml', 'adds: [dice/src/logger.ts]', 'adds: [dice/src/logger.ts, web/**]');
    for (const stage of [2, 3]) {
      write(`stage-${stage}/web/package.json`, '{ "name": "web" }\n');
      write(`stage-${stage}/web/package-lock.json`, lockFile('web', {}));
      write(`stage-${stage}/web/src/web.ts`, lines(30));
    }
  });
  assert.match(
    fault!,
    /^stage-2\/web\/src\/web\.ts:1: stage-2 has 31 lines in its new package web.* and 20 is the limit/,
  );
  assert.deepEqual(others, []);
});

const exception = '\n    exceptions: [{ limit: added, value: 12, reason: a logger takes what it takes }]';
const stepOfStage2 = 'changes: [README.md, dice/src/app.ts]';

test('an exception lets a step be longer, and its reason is in the report', () => {
  using repository = borrowSmallRepository();
  lengthen(repository, 10);
  repository.edit('shared/stages.yaml', stepOfStage2, stepOfStage2 + exception);
  const { faults, report } = checkStages(repository.root);
  assert.deepEqual(faults, []);
  assert.match(report, /stage-2 +added to services +11 +12 +a logger takes what it takes/);
});

test('an exception that is not needed is named', () => {
  const [fault] = faultsOf(({ edit }) => edit('shared/stages.yaml', stepOfStage2, stepOfStage2 + exception));
  assert.match(fault!, /^shared\/stages\.yaml:22: stage-2 needs no exception for "added".*\n.*Remove the exception/);
});

test('an exception without a reason stops the check, naming the place', () => {
  using repository = borrowSmallRepository();
  repository.edit('shared/stages.yaml', stepOfStage2, `${stepOfStage2}\n    exceptions: [{ limit: added, value: 12 }]`);
  assert.throws(() => checkStages(repository.root), /shared\/stages\.yaml is not valid:\n[^]*exceptions\[0\]\.reason/);
});
