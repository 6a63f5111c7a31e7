import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { hint } from '../option-values.ts';

/** Runs the command line without a running stage. */
function exercise(...words: string[]) {
  const command = [join(import.meta.dirname, '../cli.ts'), ...words];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' });
  return { status, stdout, stderr };
}

test('a hint that does not exist ends with 2, and the answer lists the hints', () => {
  const message = 'There are three hints: 1, 2 and 3.';
  for (const text of ['0', '4', 'all']) assert.throws(() => hint(text), { message });
  const { status, stderr } = exercise('stage-1', '--name', 'die-faces', '--hint', '4');
  assert.equal(status, 2);
  assert.ok(stderr.includes(message));
});

test('an unknown exercise ends with 2', () => {
  const { status, stderr } = exercise('stage-1', '--name', 'nothing');
  assert.equal(status, 2);
  assert.match(stderr, /stage-1 has no exercise named "nothing"/);
});

test('the list for grading has codes, no sentences', () => {
  const { status, stdout } = exercise('stage-1', '--json');
  assert.equal(status, 0);
  const { stage, exercises } = JSON.parse(stdout);
  assert.equal(stage, 'stage-1');
  assert.deepEqual(Object.keys(exercises[0]), ['name', 'title', 'difficulty', 'minutes']);
});

test('a question shows its task, and is not checked without an answer', () => {
  const shown = exercise('stage-1', '--name', 'failing-share');
  assert.equal(shown.status, 0);
  assert.match(shown.stdout, /make stage-1 exercise NAME=failing-share ANSWER=…/);
  const graded = exercise('stage-1', '--name', 'failing-share', '--json');
  assert.deepEqual([graded.status, graded.stdout], [2, '']);
  assert.match(graded.stderr, /There is no answer to check/);
});
