import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { repositoryRoot } from '../../runtime/places.ts';
import { lessonDiff } from '../diff/diff.ts';
import { borrowSmallRepository, openSmallRepository } from './small-repository.ts';

const summary = { show: 'summary', colour: false, columns: 80 } as const;
const whole = { ...summary, show: 'all' } as const;

/** The table's rows as words. */
function rows(text: string): string[] {
  return text
    .split('\n')
    .slice(2)
    .map((line) => line.trim().split(/ {2,}/).join(' '))
    .filter(Boolean);
}

test('the summary counts files and lines by concern, without lock files', () => {
  using repository = borrowSmallRepository();
  const text = lessonDiff(repository.root, 'stage-1', summary);
  assert.match(text, /^stage-1, Metrics: what it adds to shared\/baseline\n/);
  assert.deepEqual(rows(text), [
    'CONCERN FILES NEW + -',
    'application 4 2 11 2',
    'metrics 1 1 1 0',
    'collection 1 1 7 0',
    'dashboards 1 1 19 0',
    'all 7 5 38 2',
  ]);
});

test('what only the baseline has around its service does not count as removed', () => {
  using repository = borrowSmallRepository();
  repository.write('shared/baseline/NOTES.md', 'notes');
  assert.doesNotMatch(lessonDiff(repository.root, 'stage-1', whole), /NOTES/);
});

test('the last concern that matches has the file: a test of the metrics is a test', () => {
  using repository = borrowSmallRepository();
  repository.write('stage-2/dice/test/metrics.ts', '// one\n');
  assert.ok(rows(lessonDiff(repository.root, 'stage-2', summary)).includes('tests 1 1 1 0'));
});

test('the lines are unified diffs with paths as on the stage branches, also of what is not committed', () => {
  using repository = borrowSmallRepository();
  repository.edit('stage-2/dice/src/logger.ts', 'export {};', 'export { x };');
  const text = lessonDiff(repository.root, 'stage-2', whole);
  assert.match(text, /\n application \n\ndiff --git a\/README\.md b\/README\.md\n/);
  assert.match(text, /--- \/dev\/null\n\+\+\+ b\/dice\/src\/logger\.ts\n@@ -0,0 \+1 @@\n\+export \{ x \};/);
  assert.match(text, /\n-\/\/ metrics\n\+\/\/ metrics, logs\n/);
  assert.doesNotMatch(text, /\x1b\[/);
});

test('colours are there when asked for', () => {
  using repository = borrowSmallRepository();
  assert.match(lessonDiff(repository.root, 'stage-2', { ...whole, colour: true }), /\x1b\[32m\/\/ metrics, logs/);
});

test('it leaves nothing in the repository, and needs none: a downloaded archive will do', () => {
  using repository = openSmallRepository();
  repository.write('stage-2/new.txt', 'new');
  const state = (): string => repository.git('count-objects', '-v') + repository.git('status', '--porcelain');
  const before = state();
  const text = lessonDiff(repository.root, 'stage-2', whole);
  assert.equal(state(), before);
  rmSync(join(repository.root, '.git'), { recursive: true });
  assert.equal(lessonDiff(repository.root, 'stage-2', whole), text);
});

test('a stage that does not exist is refused, naming those that do', () => {
  using repository = borrowSmallRepository();
  assert.throws(
    () => lessonDiff(repository.root, 'stage-9', summary),
    /There is no stage-9\. Stages: stage-1, stage-2, stage-3\./,
  );
});

test('a stage whose neighbour is missing is refused', () => {
  using repository = borrowSmallRepository();
  repository.remove('stage-2');
  assert.throws(() => lessonDiff(repository.root, 'stage-3', summary), /compared with stage-2, which does not exist/);
});

test('the command prints the lesson of stage 1, and a fault without a stack', () => {
  const run = (...parameters: string[]) =>
    spawnSync(process.execPath, ['shared/lessons/cli.ts', ...parameters], {
      cwd: repositoryRoot,
      encoding: 'utf8',
      timeout: 60_000,
    });
  const shown = run('diff', 'stage-1', '--summary');
  assert.match(shown.stdout, /metrics +\d+ +\d+ +\d+ +\d+\n/);
  assert.equal(shown.status, 0);
  const refused = run('diff', 'stage-99');
  assert.match(refused.stderr, /^There is no stage-99\. Stages: [^\n]*\n$/);
  assert.equal(refused.status, 1);
});
