import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { git } from '../../lessons/git.ts';
import { reset, start } from '../bug.ts';

const bug = `--- a/stage-1/code.ts
+++ b/stage-1/code.ts
@@ -1,1 +1,1 @@
-right
+wrong
`;
const exercise = { stage: 'stage-1', name: 'one', bug };

/** A repository with one stage, committed. */
function repository(t: TestContext): { root: string; write: (text: string) => void; read: () => string } {
  const root = mkdtempSync(join(tmpdir(), 'practice-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const file = join(root, 'stage-1/code.ts');
  mkdirSync(join(root, 'stage-1'));
  writeFileSync(file, 'right\n');
  const as = ['-c', 'user.name=test', '-c', 'user.email=test@example.org'];
  git(root, ['init', '--quiet']);
  git(root, ['add', '.']);
  git(root, [...as, 'commit', '--quiet', '--message=stage']);
  return { root, write: (text) => writeFileSync(file, text), read: () => readFileSync(file, 'utf8') };
}

test('a bug is put into the stage, and taken back with the attempts to repair it', (t) => {
  const { root, write, read } = repository(t);
  start(exercise, root);
  assert.equal(read(), 'wrong\n');
  write('worse\n');
  assert.deepEqual(reset(exercise, root), ['stage-1/code.ts']);
  assert.equal(read(), 'right\n');
});

test('a bug is not put into a stage with changes that are not committed', (t) => {
  const { root, write, read } = repository(t);
  write('mine\n');
  assert.throws(() => start(exercise, root), /stage-1 has changes that are not committed/);
  assert.equal(read(), 'mine\n');
});

test('an exercise that asks for something new has no bug to start with', (t) => {
  const { root } = repository(t);
  const { bug: _bug, ...without } = exercise;
  assert.throws(() => start(without, root), /one has no bug to start with/);
  assert.throws(() => reset(without, root), /one has no bug to start with/);
});
