import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { cpuSeconds, memory, parseStat, parseStatus } from '../proc.ts';

const after = 'S 1 42 42 0 -1 4194304 9 0 0 0 250 50 7 8 20 0 11 0 600 700 800';

for (const name of ['node', 'a (strange) name', ') S 1']) {
  test(`CPU time is user and system time, without children's, of a program named "${name}"`, () => {
    assert.equal(parseStat(`42 (${name}) ${after}\n`, 100), 3);
  });
}

test('a system may have other clock ticks', () => {
  assert.equal(parseStat(`42 (node) ${after}`, 1000), 0.3);
});

test('a text of another form is refused', () => {
  assert.throws(() => parseStat('42 (node) S 1 2 3', 100), /not \/proc/);
});

test('memory is given in MiB', () => {
  const status = 'Name:\tnode\nVmPeak:\t 9999999 kB\nVmHWM:\t  204800 kB\nVmRSS:\t  102400 kB\nThreads:\t11\n';

  assert.deepEqual(parseStatus(status), { resident: 100, highest: 200 });
});

test('a process without memory figures is refused', () => {
  assert.throws(() => parseStatus('Name:\tkthreadd\n'), /no VmRSS/);
});

test('a running process has both', { skip: !existsSync('/proc/self/stat') }, () => {
  assert.ok(cpuSeconds(process.pid)! > 0);
  const { resident, highest } = memory(process.pid)!;
  assert.ok(resident > 1 && highest >= resident);
});
