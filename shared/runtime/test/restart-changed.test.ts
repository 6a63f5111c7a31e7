import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { repositoryRoot } from '../places.ts';
import { groupIsAlive } from '../run/processes.ts';
import { serviceOf, small, variables } from './small-stage.ts';
import { eventually, runtimeCommand, stageFixture } from './stage-fixture.ts';

// The small stage in a separate folder, running, so that its files can be edited. Each test puts them back.
const folder = mkdtempSync(join(tmpdir(), 'small-'));
cpSync(small, folder, { recursive: true });
const stage = await stageFixture({ after }, folder, variables);
after(() => rmSync(folder, { recursive: true }));
const { environment, runtime } = stage;
const up = () => runtime('up', folder);
const first = await up();
assert.equal(first.code, 0, first.output);

function edit(file: string, part: string, by: string): void {
  const path = join(folder, file);
  writeFileSync(path, readFileSync(path, 'utf8').replace(part, by));
}

async function greeting(): Promise<string> {
  return (await fetch(`http://127.0.0.1:${environment.WEB_PORT}/greeting`)).text();
}

test('up on a running stage restarts what uses a changed file, and nothing else', async () => {
  const before = ['web', 'frail'].map((name) => serviceOf(stage, name).process!);
  edit('greeting.txt', 'Hello', 'Good morning');
  const { code, output } = await up();
  assert.equal(code, 0, output);
  assert.match(output, /^Restarted web: greeting\.txt changed\.\n\n/);
  assert.match(await greeting(), /^Good morning/);
  assert.deepEqual(before.map(groupIsAlive), [false, true]);
  assert.match((await up()).output, /^stage-small is already running, and nothing has changed\./);
  edit('greeting.txt', 'Good morning', 'Hello');
  await up();
});

test('up on a running stage starts what is down, and follows a changed setting', async () => {
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

test('a service that was added asks for a new start, and nothing is touched', async () => {
  edit('compose.yaml', '  frail:\n', '  another:\n    build: ./web\n\n  frail:\n');
  const { code, output } = await up();
  assert.equal(code, 1);
  assert.match(output, /has changed\. Restart the stage: make stage-small down, then up/);
  assert.match(await greeting(), /^Hello/);
  edit('compose.yaml', '  another:\n    build: ./web\n\n', '');
});

test('dev restarts at each save until Ctrl-C, and the stage keeps running', async (t) => {
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
