import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { test, type TestContext } from 'node:test';
import type { PlannedService } from '../plan/plan.ts';
import { startChild } from '../run/child.ts';
import type { Line } from '../run/lines.ts';

/** Starts a program of Node's, or another command, and hears its lines. */
function start(t: TestContext, program: string, command = [process.execPath, '--eval', program]) {
  const lines: Line[] = [];
  const readiness = { line: 'is ready', urls: [], patience: 0 };
  const planned = { name: 'web', directory: tmpdir(), environment: { MODE: 'quiet' }, readiness };
  const child = startChild(planned as unknown as PlannedService, { command }, (line) => lines.push(line));
  // Its group, for what it starts may outlive it.
  t.after(() => {
    try {
      if (child.pid) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
  });
  return { ...child, lines };
}

test('what a process prints is heard to its last line, from both of its outputs, and how it ended', async (t) => {
  const { ended, lines, sawReadyLine } = start(
    t,
    "console.log('web is ready'); console.error(process.env.MODE, process.env.PATH); process.exitCode = 3",
  );
  assert.equal(await ended, 'ended with exit code 3');
  const heard = lines.map(({ service, source, text }) => `${service} ${source} ${text}`);
  assert.deepEqual(heard.toSorted(), ['web stderr quiet undefined', 'web stdout web is ready']);
  assert.equal(sawReadyLine(), true);
});

test('a process that a signal ended, and one that could not start, say so', async (t) => {
  assert.equal(await start(t, "process.kill(process.pid, 'SIGKILL')").ended, 'was ended by SIGKILL');
  const none = start(t, '', ['/nowhere/program']);
  assert.match(await none.ended, /^could not start: .*ENOENT/);
  assert.equal(none.sawReadyLine(), false);
});

test('a process that leaves another behind, which holds its output, has ended anyway', async (t) => {
  const program = "require('child_process').spawn('sleep', ['600'], { stdio: 'inherit' }).unref(); process.exit(0)";
  assert.equal(await start(t, `process.env.PATH = '/usr/bin:/bin'; ${program}`).ended, 'ended with exit code 0');
});
