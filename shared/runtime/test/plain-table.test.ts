import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainTable } from '../plain-table.ts';

test('a table has no frame, two spaces before and between its columns, and numbers to the right', () => {
  const table = plainTable([
    ['STAGE', 'LINES', 'NOTE'],
    ['stage-1', 9, 'short'],
    ['stage-2', 1200, ''],
  ]);
  const lines = ['  STAGE    LINES  NOTE', '  stage-1      9  short', '  stage-2   1200'];
  assert.equal(table, lines.join('\n'));
});

test('a column of texts is left-aligned, even if they look like numbers', () => {
  assert.equal(
    plainTable([
      ['PID', 'A'],
      ['7', 'b'],
    ]),
    '  PID  A\n  7    b',
  );
});

test('a coloured text takes as much room as its letters', () => {
  const lines = plainTable([
    ['\u001b[32mready\u001b[39m', 'a'],
    ['completed', 'b'],
  ]).split('\n');
  assert.deepEqual(lines, ['  \u001b[32mready\u001b[39m      a', '  completed  b']);
});
