import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { logFile, loggedServices, openLogFiles } from '../run/log-files.ts';
import { openReporter } from '../run/reporter.ts';
import type { Line } from '../run/lines.ts';

function runFolder(t: TestContext): void {
  process.env.DICE_RUN_DIR = mkdtempSync(join(tmpdir(), 'log-files-'));
  t.after(() => {
    rmSync(process.env.DICE_RUN_DIR!, { recursive: true });
    delete process.env.DICE_RUN_DIR;
  });
}

const line = (service: string, text: string): Line => ({ service, source: 'stdout', text, time: new Date(0) });

test('each service has a file of its lines, with their times', (t) => {
  runFolder(t);
  const keep = openLogFiles('stage-x');
  for (const text of ['one', 'two']) keep(line('web', text));
  keep(line('database', 'three'));
  assert.deepEqual(loggedServices('stage-x'), ['database', 'web']);
  assert.deepEqual(loggedServices('stage-x', 'web'), ['web']);
  const time = '1970-01-01T00:00:00.000Z';
  assert.equal(readFileSync(logFile('stage-x', 'web'), 'utf8'), `${time} one\n${time} two\n`);
});

test('a file that has grown too large is started again, and its content is kept once', (t) => {
  runFolder(t);
  openLogFiles('stage-x');
  const file = logFile('stage-x', 'web');
  writeFileSync(file, 'old\n');
  truncateSync(file, 16 * 1024 * 1024 + 1);
  const keep = openLogFiles('stage-x');
  for (const text of ['first', 'second']) keep(line('web', text));
  assert.match(readFileSync(file, 'utf8'), /^\S+ first\n\S+ second\n$/);
  assert.equal(readFileSync(`${file}.1`).subarray(0, 4).toString(), 'old\n');
});

test('what happened to a service is explained with its last dozen lines, and with those of its next life after that', (t) => {
  runFolder(t);
  const sent: string[] = [];
  const way = { send: ({ text }: Line) => void sent.push(text), notice: () => undefined, close: async () => undefined };
  const { onLine, explain } = openReporter('stage-x', way);
  for (let number = 1; number <= 13; number++) onLine(line('web', `line ${number}`));
  const told = explain('web', 'ended');
  assert.match(told, /^web ended\. Its last lines:\n {2}\| line 2\n[^]*\n {2}\| line 13$/);
  assert.equal(explain('web', 'ended again'), 'web ended again. It printed nothing.');
  assert.equal(sent.length, 13);
});
