import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quantile, summarize } from '../statistics.ts';

// As R's quantile(c(1, 2, 4, 8), type = 7) gives them.
const quantiles = { 0: 1, 0.25: 1.75, 0.5: 3, 0.75: 5, 1: 8 };

for (const [share, value] of Object.entries(quantiles)) {
  test(`the quantile ${share} of 8, 1, 4, 2 is ${value}`, () => {
    assert.equal(quantile([8, 1, 4, 2], Number(share)), value);
  });
}

test('every quantile of one value is that value', () => {
  assert.deepEqual(
    [0, 0.3, 1].map((share) => quantile([7], share)),
    [7, 7, 7],
  );
});

test('a quantile leaves the values in their order', () => {
  const values = [3, 1, 2];
  quantile(values, 0.5);

  assert.deepEqual(values, [3, 1, 2]);
});

test('no values have no quantile, and there is none outside 0 to 1', () => {
  for (const [values, share] of [
    [[], 0.5],
    [[1], -0.1],
    [[1], 1.1],
    [[1], NaN],
  ] as [number[], number][]) {
    assert.throws(() => quantile(values, share), RangeError);
  }
});

test('the spread is half the distance between the quartiles, which one wild value does not move', () => {
  assert.deepEqual(summarize([1, 2, 3, 4, 5]), { median: 3, spread: 1 });
  assert.deepEqual(summarize([1, 2, 3, 4, 500]), { median: 3, spread: 1 });
});
