import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { repositoryRoot } from '../places.ts';
import { small, smallStage } from './small-stage.ts';

test('up names the folder that it cannot write to, and the variable that moves it', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'unwritable-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const stage = await smallStage(t);
  // Not even root can make a folder below a file.
  writeFileSync(join(folder, 'file'), '');
  stage.environment.DICE_RUN_DIR = join(folder, 'file', 'run');
  const { code, output } = await stage.runtime('up', small);
  stage.environment.DICE_RUN_DIR = stage.runDirectory;
  assert.equal(code, 1);
  assert.match(output, /Stages keep their state in .*file\/run, which failed: ENOTDIR/);
  assert.match(output, /Choose another folder: export DICE_RUN_DIR=/);
  assert.doesNotMatch(output, / at /);
});

for (const [where, DICE_RUN_DIR] of Object.entries({
  elsewhere: tmpdir(),
  'in it': join(repositoryRoot, '.run'),
  'in the folder around it': dirname(repositoryRoot),
})) {
  test(`a checkout that cannot be written to is named, when stages keep their state ${where}`, () => {
    const words = `
      import { Command } from 'commander';
      import { mkdirSync } from 'node:fs';
      import { runProgram } from './shared/runtime/run-program.ts';
      await runProgram(new Command().action(() => mkdirSync(process.cwd() + '/package.json/build')));`;
    const options = { cwd: repositoryRoot, encoding: 'utf8', env: { ...process.env, DICE_RUN_DIR } } as const;
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', words], options);
    assert.equal(status, 1);
    assert.match(stderr, /^This writes to .*, which failed: ENOTDIR.*\nMake room there, or work in a copy of it/);
    assert.doesNotMatch(stderr, / at /);
  });
}
