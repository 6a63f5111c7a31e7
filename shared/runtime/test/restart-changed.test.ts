import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { repositoryRoot } from '../places.ts';
import { groupIsAlive } from '../run/processes.ts';
import { serviceOf, small, variables } from './small-stage.ts';
import { eventually, runtimeCommand, stageFixture } from './stage-fixture.ts';

/** The small stage in a folder of its own, running, so that its files can be edited. */
async function editableStage(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'small-'));
  t.after(() => rmSync(folder, { recursive: true }));
  cpSync(small, folder, { recursive: true });
  const stage = await stageFixture(t, folder, variables);
  const edit = (file: string, part: string, by: string): void => {
    const path = join(folder, file);
    writeFileSync(path, readFileSync(path, 'utf8').replace(part, by));
  };
  const up = () => stage.runtime('up', folder);
  const { code, output } = await up();
  assert.equal(code, 0, output);
  const web = `http://127.0.0.1:${stage.environment.WEB_PORT}`;
  return { ...stage, stage, folder, edit, up, greeting: async () => (await fetch(`${web}/greeting`)).text() };
}

test('up on a running stage restarts what uses a changed file, and nothing else', async (t) => {
  const { stage, edit, up, greeting } = await editableStage(t);
  const before = ['web', 'frail'].map((name) => serviceOf(stage, name).process!);
  edit('greeting.txt', 'Hello', 'Good morning');
  const { code, output } = await up();
  assert.equal(code, 0, output);
  assert.match(output, /^Restarted web: greeting\.txt changed\.\n\n/);
  assert.match(await greeting(), /^Good morning/);
  assert.deepEqual(before.map(groupIsAlive), [false, true]);
  assert.match((await up()).output, /^stage-small is already running, and nothing has changed\./);
});

test('up on a running stage starts what is down, and follows a changed setting', async (t) => {
  const { stage, up, environment, runtime, folder } = await editableStage(t);
  for (const service of ['web', 'collector']) await runtime('stop', folder, service);
  const { output } = await up();
  assert.match(output, /^Restarted web: it was stopped\.\nStarted the receiver: it was stopped\.\n/);
  environment.FIXTURE_FAIL = 'start';
  const failed = await up();
  assert.equal(failed.code, 1);
  assert.match(failed.output, /web ended with exit code 3.*\| cannot start: the fixture was told so/s);
  delete environment.FIXTURE_FAIL;
  assert.match((await up()).output, /^Restarted web: compose\.yaml changed\./);
  assert.equal(serviceOf(stage, 'web').status, 'ready');
});

test('a service that was added asks for a new start, and nothing is touched', async (t) => {
  const { edit, up, greeting } = await editableStage(t);
  edit('compose.yaml', '  frail:\n', '  another:\n    build: ./web\n\n  frail:\n');
  const { code, output } = await up();
  assert.equal(code, 1);
  assert.match(output, /has changed\. Restart the stage: make stage-small down, then up/);
  assert.match(await greeting(), /^Hello/);
});

test('dev restarts at each save until Ctrl-C, and the stage keeps running', async (t) => {
  const { edit, environment, folder, greeting } = await editableStage(t);
  const options = { cwd: repositoryRoot, env: environment };
  const child = spawn(process.execPath, [...runtimeCommand, 'dev', folder], options);
  t.after(() => child.kill('SIGKILL'));
  let output = '';
  child.stdout.on('data', (text) => (output += text));
  await eventually(() => assert.match(output, /Watching .*: each save restarts what it changes/));
  edit('greeting.txt', 'Hello', 'Good evening');
  await eventually(() => assert.match(output, /Restarted web: greeting\.txt changed/));
  assert.match(await greeting(), /^Good evening/);
  const ended = once(child, 'exit');
  child.kill('SIGINT');
  assert.deepEqual(await ended, [0, null]);
  assert.match(await greeting(), /^Good evening/);
});
