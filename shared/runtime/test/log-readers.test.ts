import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { openReaders } from '../commands/logs.ts';
import { logDirectory, logFile } from '../run/log-files.ts';

function runFolder(t: TestContext): void {
  process.env.DICE_RUN_DIR = mkdtempSync(join(tmpdir(), 'log-readers-'));
  mkdirSync(logDirectory('stage-x'), { recursive: true });
  t.after(() => {
    rmSync(process.env.DICE_RUN_DIR!, { recursive: true });
    delete process.env.DICE_RUN_DIR;
  });
}

/** A line as it is kept, of a second of one day. */
const line = (second: number, text: string): string => `2026-01-01T00:00:0${second}.000Z ${text}\n`;
const textsOf = (read: ReturnType<typeof openReaders>): string[] =>
  read().map(({ service, text }) => `${service}: ${text}`);

test('lines of all services come in the order of their times, and later ones only once', (t) => {
  runFolder(t);
  const [web, database] = [logFile('stage-x', 'web'), logFile('stage-x', 'database')];
  writeFileSync(web, line(1, 'one  two') + line(3, 'four'));
  writeFileSync(database, line(2, 'ready'));
  const read = openReaders('stage-x', undefined);
  assert.deepEqual(textsOf(read), ['web: one  two', 'database: ready', 'web: four']);
  assert.deepEqual(textsOf(read), []);
  appendFileSync(database, line(4, 'ü'));
  assert.deepEqual(textsOf(read), ['database: ü']);
});

test('a line that is still being written comes when it is whole', (t) => {
  runFolder(t);
  const whole = line(1, 'größer');
  const bytes = Buffer.from(whole);
  const half = bytes.indexOf(Buffer.from('ö')) + 1;
  writeFileSync(logFile('stage-x', 'web'), bytes.subarray(0, half));
  const read = openReaders('stage-x', undefined);
  assert.deepEqual(textsOf(read), []);
  appendFileSync(logFile('stage-x', 'web'), bytes.subarray(half));
  assert.deepEqual(textsOf(read), ['web: größer']);
});

test('a file that was started again is read from its beginning', (t) => {
  runFolder(t);
  writeFileSync(logFile('stage-x', 'web'), line(1, 'one') + line(2, 'two'));
  const read = openReaders('stage-x', undefined);
  read();
  writeFileSync(logFile('stage-x', 'web'), line(3, 'three'));
  assert.deepEqual(textsOf(read), ['web: three']);
});

test('one service may be asked for, a service may come later, and a stage that has ended has nothing more', (t) => {
  runFolder(t);
  const [all, one] = [openReaders('stage-x', undefined), openReaders('stage-x', 'web')];
  assert.deepEqual(textsOf(all), []);
  for (const name of ['web', 'database']) writeFileSync(logFile('stage-x', name), line(1, 'up'));
  assert.deepEqual([textsOf(all), textsOf(one)], [['database: up', 'web: up'], ['web: up']]);
  rmSync(logDirectory('stage-x'), { recursive: true });
  assert.deepEqual(textsOf(all), []);
});
