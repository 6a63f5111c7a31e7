import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { repositoryRoot } from '../places.ts';

function make(...words: string[]): { status: number | null; output: string } {
  const options = {
    cwd: repositoryRoot,
    encoding: 'utf8',
    env: { ...process.env, MAKEFLAGS: '', MAKELEVEL: '' },
  } as const;
  const { status, stdout, stderr } = spawnSync('make', ['RUNTIME=native', ...words], options);
  return { status, output: stdout + stderr };
}

test('make alone lists the commands', () => {
  const { status, output } = make();
  assert.equal(status, 0);
  for (const command of ['up', 'down', 'status', 'logs', 'traffic', 'watch', 'open']) {
    assert.match(output, new RegExp(`make stage-1 ${command} `));
  }
  assert.match(output, /make stage-6 usage /);
});

for (const [words, message] of [
  [['up'], /Say which stage: make <stage> up\. Stages: stage-1/],
  [['stage-99', 'up'], /There is no stage-99\. Stages: stage-1/],
  [['stage-1'], /Say what to do, for example: make stage-1 up/],
  [['stage-1', 'stage-2', 'up'], /One stage at a time, not: stage-1 stage-2/],
  [['stage-1', 'up', 'RUNTIME=podman'], /RUNTIME is docker or native, not "podman"/],
  [['stage-1', 'usage'], /stage-1 tracks no usage: there is no report named usage in its compose\.yaml/],
] as const) {
  test(`make ${words.join(' ')} says what is wrong`, () => {
    const { status, output } = make(...words);
    assert.equal(status, 2);
    assert.match(output, message);
  });
}

test('variables become options of the command, in either order of the goals', () => {
  const { output } = make('--dry-run', 'logs', 'stage-1', 'SERVICE=dice-roller', 'FOLLOW=0');
  assert.match(output, /cli\.ts logs stage-1 --service 'dice-roller' +--no-follow/);
  assert.match(make('--dry-run', 'stage-1', 'watch', 'LAST=3').output, /cli\.ts watch stage-1 --last '3'/);
});
