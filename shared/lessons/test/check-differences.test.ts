import assert from 'node:assert/strict';
import { test } from 'node:test';
import { repositoryRoot } from '../../runtime/places.ts';
import { checkStages } from '../check/check.ts';
import { showFault } from '../check/fault.ts';
import { faultsOf } from './faults-of.ts';
import { borrowSmallRepository } from './small-repository.ts';

test('the stages of this repository are as they should be (make check shows it)', () => {
  assert.deepEqual(checkStages(repositoryRoot).faults.map(showFault), []);
});

test('stages without drift have no fault', () => {
  assert.deepEqual(
    faultsOf(() => {}),
    [],
  );
});

test('a file that differs although no lesson changes it is named, with its first line that differs', () => {
  const faults = faultsOf(({ edit }) => edit('stage-3/telemetry.yaml', 'roll_seconds', 'turn_seconds'));
  assert.equal(faults.length, 1);
  assert.match(faults[0]!, /^stage-3\/telemetry\.yaml:5: it differs from stage-2\/telemetry\.yaml/);
  assert.match(faults[0]!, /make it in stage-2 and carry it forward \(make propagate FROM=2\)/);
});

test('what a stage has for itself is not compared, and what .gitignore names is ignored', () => {
  const faults = faultsOf(({ write }) => {
    write('stage-2/images/page.svg', '<svg/>\n');
    write('stage-3/dice/node_modules/x/package.json', '{}');
  });
  assert.deepEqual(faults, []);
});

test('a difference of stage 1 from the baseline is checked against the manifest, too', () => {
  const [fault] = faultsOf(({ edit }) => edit('shared/baseline/dice/src/config.ts', 'port =', 'number ='));
  assert.match(fault!, /^stage-1\/dice\/src\/config\.ts:1: it differs from shared\/baseline\/dice\/src\/config\.ts/);
  assert.doesNotMatch(fault!, /propagate/);
});

test('a file that no lesson adds is named, also when it starts with a dot and is not committed', () => {
  const [fault] = faultsOf(({ write }) => write('stage-3/dice/.extra', 'x'));
  assert.match(fault!, /^stage-3\/dice\/\.extra:1: stage-2 does not have this file/);
  assert.match(fault!, /list dice\/\.extra under "adds" of stage-3/);
});

test('a file that a stage lacks is named', () => {
  const [fault] = faultsOf(({ remove }) => remove('stage-3/dice/src/logger.ts'));
  assert.match(fault!, /^stage-2\/dice\/src\/logger\.ts:1: stage-3 does not have this file/);
  assert.match(fault!, /Copy it to stage-3/);
});

test('a line of the manifest that nothing uses is named', () => {
  const [fault] = faultsOf(({ edit }) =>
    edit('shared/stages.yaml', '[dice/src/logger.ts]', '[dice/src/logger.ts, no.ts]'),
  );
  assert.match(fault!, /^shared\/stages\.yaml:20: it says that stage-2 adds no\.ts, but there is no such difference/);
});

test('files of a stage that are meant to be equal, and are not, are named with the line where they part', () => {
  const [fault] = faultsOf(({ write }) => {
    for (const stage of [1, 2, 3]) write(`stage-${stage}/other/.dockerignore`, 'test\nmore\n');
  }).filter((each) => each.includes('must be identical'));
  assert.match(fault!, /^stage-1\/other\/\.dockerignore:2: it must be identical to stage-1\/dice\/\.dockerignore/);
  assert.match(fault!, /Make the two identical/);
});

test('files that are meant to be equal up to a stage may differ after it', () => {
  const faults = faultsOf(({ edit, write }) => {
    edit('shared/stages.yaml', "['*/.dockerignore']", "{ files: ['*/.dockerignore'], until: stage-2 }");
    for (const stage of [1, 2, 3]) write(`stage-${stage}/other/.dockerignore`, 'test\nmore\n');
  }).filter((each) => each.includes('must be identical'));
  assert.deepEqual(
    faults.map((fault) => fault.slice(0, 7)),
    ['stage-1', 'stage-2'],
  );
});

test('a stage folder that the manifest does not list is named', () => {
  const [fault] = faultsOf(({ write }) => write('stage-4/README.md', '# Stage 4\n'));
  assert.match(fault!, /^shared\/stages\.yaml:12: the folder stage-4 exists, but no step describes it/);
});

test('stages that are not there yet are no fault, and are reported as not compared', () => {
  using repository = borrowSmallRepository();
  repository.remove('stage-2');
  const { faults, report } = checkStages(repository.root);
  assert.deepEqual(faults, []);
  assert.match(
    report,
    /No fault in stage-1, stage-3\. Not compared, because a stage is missing or has no compose\.yaml yet: stage-2, stage-3\./,
  );
});

test('a stage without a compose.yaml is still being written, and is left alone', () => {
  using repository = borrowSmallRepository();
  repository.remove('stage-3/compose.yaml');
  repository.remove('stage-3/telemetry.yaml');
  const { faults, report } = checkStages(repository.root);
  assert.deepEqual(faults, []);
  assert.match(report, /No fault in stage-1, stage-2\. Not compared, .*: stage-3\./);
});

test('files that cannot be read are named, and nothing else is checked', () => {
  const files = [
    ['stage-2/compose.yaml', 'services:', '<<<<<<< mine\nservices:', 1],
    ['stage-2/dice/package-lock.json', '"name"', 'name', 2],
    ['stage-2/dice/package.json', '"name"', 'name', 2],
    ['stage-2/dice/src/app.ts', '// one', 'const;', 3],
  ] as const;
  const faults = faultsOf(({ edit }) => files.forEach(([file, part, by]) => edit(file, part, by)));
  assert.deepEqual(
    faults.map((fault) => fault.split(' it cannot be read: ')[0]),
    files.map(([file, , , line]) => `${file}:${line}:`),
  );
});
