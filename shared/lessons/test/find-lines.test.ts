import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { endOfParagraph, findPiece, isQuotation } from '../pages/find-lines.ts';
import type { Hunk, Line } from '../pages/hunks.ts';

/** A hunk whose lines are written as a difference has them. */
function hunk(...lines: string[]): Hunk {
  const read = (line: string): Line => ({ sign: line[0] as Line['sign'], text: line.slice(1) });
  return { path: 'a.ts', start: 1, isNew: false, lines: lines.map(read) };
}

suite('a block shows', () => {
  const one = hunk(' const a = 1;', '+const b = 2;', '+const c = 3;');
  const other = hunk('+  const b = 2;', '-const d = 4;');
  const place = (quotations: Record<string, string>) => {
    const { hunk, from, to } = findPiece([one, other], quotations);
    return [hunk === one ? 'one' : 'other', from, to];
  };

  test('the whole hunk in which a line has its anchor', () => {
    assert.deepEqual(place({ anchor: 'c = 3' }), ['one', 0, 2]);
    assert.deepEqual(place({ anchor: 'const a = 1;' }), ['one', 0, 2], 'no changed line has it');
  });

  test('the line that equals its quotation, with its indent, before those that have it too', () => {
    assert.deepEqual(place({ from: 'const b = 2;' }), ['one', 1, 2]);
    assert.deepEqual(place({ from: '  const b = 2;' }), ['other', 0, 0]);
    assert.throws(() => place({ from: 'b = 2' }), { message: '2 lines of the difference have "b = 2"' });
  });

  test('a changed line before an unchanged one', () => {
    const both = hunk(' call(x);', '+  call(x, y);');
    assert.equal(findPiece([both], { from: 'call(x' }).from, 1);
  });

  test('nothing where nothing is quoted, or the end is before the beginning, or in another hunk', () => {
    assert.throws(() => place({}), { message: 'it quotes no line' });
    assert.throws(() => place({ anchor: 'e = 5' }), { message: 'no line of the difference has "e = 5"' });
    assert.throws(() => place({ from: 'const c', to: 'const a' }), { message: '"const a" is before "const c"' });
    assert.throws(() => place({ from: 'const c', to: 'const d' }), { message: /no line .* "const d"/ });
  });

  test('what a suggestion for a quotation finds, and no other line', () => {
    assert.equal(isQuotation([one, other], 'const c = 3;', one, 2), true);
    assert.equal(isQuotation([one, other], 'const c = 3;', one, 1), false);
    assert.equal(isQuotation([one, other], 'b = 2', one, 1), false);
  });
});

suite('a paragraph ends', () => {
  const { lines } = hunk(
    '+function a() {',
    '+  one();',
    '+',
    '+  two();',
    '+}',
    '+',
    '+',
    '+function b() {',
    '+  three();',
    '+}',
  );
  const end = (first: number): number => endOfParagraph(lines, first);

  test('before a blank line that nothing deeper follows', () => {
    assert.equal(end(0), 4);
    assert.equal(end(7), 9);
  });

  test('where its surroundings end, or its like begins after a blank line', () => {
    assert.equal(end(1), 1);
    assert.equal(end(3), 3);
    assert.equal(end(8), 8);
  });

  test('with the last line that is not blank', () => {
    assert.equal(endOfParagraph(hunk('+a', '+b', '+', '+').lines, 0), 1);
  });
});
