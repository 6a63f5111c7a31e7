import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { processTable, readStat } from '../run/process-table.ts';
import { eventually } from './stage-fixture.ts';

const shell = '/bin/sh';
const waits = 'echo up; read line';

/** A process that prints a line, and then waits for its input to end. */
async function running(
  t: TestContext,
  program: string,
  script: string,
): Promise<{ child: ChildProcess; said: string }> {
  const child = spawn(program, ['-c', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  const [said] = await once(child.stdout!, 'data');
  return { child, said: String(said).trim() };
}

test('a process is in the table with its parent and its group, until it has ended', async (t) => {
  const { child } = await running(t, shell, waits);
  const own = processTable().find(({ pid }) => pid === process.pid)!;
  const found = (): object | undefined => processTable().find(({ pid }) => pid === child.pid);
  assert.partialDeepStrictEqual(found(), { pid: child.pid, parent: process.pid, group: own.group });
  child.stdin!.end();
  await once(child, 'exit');
  assert.equal(found(), undefined);
});

suite('on Linux', { skip: process.platform !== 'linux' && 'there is /proc on Linux only' }, () => {
  test('a name with spaces and brackets moves no field', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'process-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const odd = join(folder, 'a) Z 1 (b');
    copyFileSync(shell, odd);
    const { child } = await running(t, odd, waits);
    const [own, stat] = [process.pid, child.pid!].map((pid) => readStat(pid)!);
    assert.equal(stat!.parent, process.pid);
    // In ticks since the machine started: the child's are later, or the same.
    assert.ok(Number(stat!.start) >= Number(own!.start) && Number(own!.start) > 0);
  });

  test('a process that has ended but that nobody waits for has ended', async (t) => {
    // The shell's child, once the shell has become a program that never waits for children.
    const { child, said } = await running(t, shell, 'sleep 60 & echo $!; exec sleep 60');
    await eventually(() => assert.equal(readFileSync(`/proc/${child.pid}/comm`, 'utf8'), 'sleep\n'));
    process.kill(Number(said));
    await eventually(() => assert.equal(readStat(Number(said)), undefined));
    assert.match(readFileSync(`/proc/${said}/stat`, 'utf8'), /\) Z /);
    assert.ok(!processTable().some(({ pid }) => pid === Number(said)));
  });
});
