import assert from 'node:assert/strict';
import { test } from 'node:test';
import { count, duration, numberText, valueText } from '../page/format.ts';

test('a duration has three digits that count, and seconds from one second on', () => {
  const shown = [0, 0.123, 9.99, 10, 123.46, 999.94, 1000, 61_234].map(duration);
  assert.deepEqual(shown, ['0.00 ms', '0.12 ms', '9.99 ms', '10.0 ms', '123.5 ms', '999.9 ms', '1.00 s', '61.23 s']);
});

test('a number is whole or has four significant digits, and anything else says so', () => {
  const shown = [12_345, 0.123_456, 1234.56, 0, null, undefined].map(numberText);
  assert.deepEqual(shown, ['12345', '0.1235', '1235', '0', 'not a number', 'not a number']);
});

test('a text is shown without quotes, and any other value as JSON', () => {
  assert.deepEqual(['1', 1, true, ['a'], null].map(valueText), ['1', '1', 'true', '["a"]', 'null']);
});

test('one is one, and any other number of things is many', () => {
  assert.deepEqual(
    [0, 1, 2].map((number) => count(number, 'span')),
    ['0 spans', '1 span', '2 spans'],
  );
});
