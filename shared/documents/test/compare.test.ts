import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstMissing } from '../run/compare.ts';

test('numbers, ids, times and the width of bars may vary', () => {
  const shown = ['trace 49c7c8fdff1117f8ccd368f46cfacebe  15:22:46.321  738.4 ms', 'GET /roll ███████  5 ms'];
  const printed = ['trace 00c7c8fdff1117f8ccd368f46cface00  01:02:03.004  1.4 s', 'GET /roll ██  700 ms'];
  assert.equal(firstMissing(shown, printed), undefined);
});

test('a status code may not', () => {
  assert.equal(firstMissing(['HTTP/1.1 200 OK'], ['HTTP/1.1 503 OK']), 'HTTP/1.1 200 OK');
  assert.equal(firstMissing(['x{status="200"} 5'], ['x{status="500"} 5']), 'x{status="200"} 5');
  assert.equal(firstMissing(['x{status="200"} 5'], ['x{status="200"} 77']), undefined);
});

test('words may not vary', () => {
  assert.equal(firstMissing(['stage-1 is running.'], ['stage-1 was stopped.']), 'stage-1 is running.');
});

test('an ellipsis leaves out lines; without one, the lines must follow each other', () => {
  assert.equal(firstMissing(['a', '…', 'd'], ['a', 'b', 'c', 'd']), undefined);
  assert.equal(firstMissing(['a', 'd'], ['a', 'b', 'c', 'd']), 'd');
  assert.equal(firstMissing(['…', 'd'], ['a', 'd', 'e'])?.startsWith('(nothing more'), true);
  assert.equal(firstMissing(['a', '…'], ['a']), undefined);
});

test('an ellipsis at the end of a line leaves out the rest of it', () => {
  assert.equal(firstMissing(['one two…'], ['one two three']), undefined);
  assert.equal(firstMissing(['one two…'], ['one three']), 'one two…');
});
