import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { repositoryRoot } from '../places.ts';
import { groupIsAlive } from '../run/processes.ts';
import { recordsOf, serviceOf, small, smallStage, smallStageUp } from './small-stage.ts';
import { eventually, runtimeCommand } from './stage-fixture.ts';

const stage = await smallStageUp({ after });

test('a service that crashes is reported with its last lines and started again', async () => {
  const { process: before } = serviceOf(stage, 'web');
  await fetch(`${stage.web}/crash`).catch(() => undefined);
  await eventually(() => {
    const { status, process } = serviceOf(stage, 'web');
    assert.equal(status, 'ready');
    assert.notDeepEqual(process, before);
  });
  const { output } = await stage.runtime('logs', small, '--service', 'runtime', '--no-follow');
  assert.match(output, /web ended with exit code 7; it starts again in 0\.5 s\. Its last lines:/);
  assert.match(output, /\| about to crash/);
});

test('a service without a restart policy stays down, and status says how it ended', async () => {
  await fetch(`http://127.0.0.1:${stage.environment.FRAIL_PORT}/crash`).catch(() => undefined);
  await eventually(() => assert.equal(serviceOf(stage, 'frail').status, 'crashed'));
  const { output } = await stage.runtime('status', small);
  assert.match(output, /frail +crashed/);
  assert.match(output, /frail ended with exit code 7; it stays down/);
});

test('a service that cannot start makes up fail with its last lines, and nothing is left running', async (t) => {
  const stage = await smallStage(t);
  stage.environment.FIXTURE_FAIL = 'start';
  const { code, output } = await stage.runtime('up', small);
  assert.equal(code, 1);
  assert.match(output, /web ended with exit code 3\. Its last lines:\n {2}\| cannot start: the fixture was told so/);
  assert.equal(existsSync(join(stage.runDirectory, 'state.json')), false);
  assert.match(readFileSync(join(stage.runDirectory, 'stage-small/logs/web.log'), 'utf8'), /cannot start/);
  await assert.rejects(fetch(`http://127.0.0.1:${stage.environment.FRAIL_PORT}/healthz`));
});

test('an up that is interrupted while it waits leaves nothing', async (t) => {
  const stage = await smallStage(t);
  stage.environment.FIXTURE_FAIL = 'ready';
  const child = spawn(process.execPath, [...runtimeCommand, 'up', small], {
    cwd: repositoryRoot,
    env: stage.environment,
    stdio: 'ignore',
  });
  const records = await eventually(() => {
    assert.equal(serviceOf(stage, 'web').status, 'starting');
    assert.ok(serviceOf(stage, 'web').process);
    return recordsOf(stage);
  });
  child.kill('SIGINT');
  const [code] = await once(child, 'exit');
  assert.equal(code, 130);
  assert.deepEqual(records.filter(groupIsAlive), []);
  assert.equal(existsSync(join(stage.runDirectory, 'state.json')), false);
});
