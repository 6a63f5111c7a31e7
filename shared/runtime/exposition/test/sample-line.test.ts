import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSample, unescape } from '../sample-line.ts';

test('a sample may have no labels, any number, and a time after it', () => {
  const values = ['up 1', 'a:b:rate5m{} -2.5e-3 1700000000000', 'a\t+Inf', 'a -Inf', 'a NaN'].map(readSample);
  assert.deepEqual(
    values.map(({ name, labels, value }) => [name, labels, value]),
    [
      ['up', {}, 1],
      ['a:b:rate5m', {}, -0.0025],
      ['a', {}, Infinity],
      ['a', {}, -Infinity],
      ['a', {}, NaN],
    ],
  );
});

test('a comment, an empty line and a name that begins with a digit are no samples', () => {
  for (const line of ['# TYPE a counter', '', '5xx_total 1', 'a{b="c" 1', 'a'])
    assert.throws(() => readSample(line), { message: `This line of /metrics cannot be read: ${line}` });
});

test('an escaped backslash before an n is not the end of a line', () => {
  assert.equal(unescape(String.raw`a\\nb\nc\"d`), 'a\\nb\nc"d');
});
