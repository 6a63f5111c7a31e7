import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { test, type TestContext } from 'node:test';
import { endGroup, groupIsAlive, isAlive, recordOf, type ProcessRecord } from '../run/processes.ts';

async function started(t: TestContext, script: string): Promise<{ child: ChildProcess; record: ProcessRecord }> {
  const child = spawn(process.execPath, ['-e', `${script}; console.log('up'); setInterval(() => {}, 1000)`], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const record = recordOf(child.pid!)!;
  t.after(() => endGroup(record, 0));
  await once(child.stdout!, 'data');
  return { child, record };
}

test('a process is known by its start, so a later one with its pid is another', async (t) => {
  const { record } = await started(t, '');
  assert.equal(isAlive(record), true);
  const recycled = { ...record, startedAs: 'earlier' };
  assert.equal(isAlive(recycled), false);
  assert.equal(groupIsAlive(recycled), false);
  await endGroup(recycled, 0);
  assert.equal(isAlive(record), true);
});

test('a process that ignores SIGTERM is killed after its grace', async (t) => {
  const { child, record } = await started(t, "process.on('SIGTERM', () => {})");
  await endGroup(record, 100);
  assert.equal(isAlive(record), false);
  if (child.signalCode === null) await once(child, 'exit');
  assert.equal(child.signalCode, 'SIGKILL');
});

test('what a process started is ended with it, also when only that is left', async (t) => {
  const { child, record } = await started(
    t,
    "require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])",
  );
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.equal(isAlive(record), false);
  assert.equal(groupIsAlive(record), true);
  await endGroup(record, 5000);
  assert.equal(groupIsAlive(record), false);
});
