import assert from 'node:assert/strict';
import { test } from 'node:test';
import { interpolate, interpolateTree, variableNames } from '../compose/interpolate.ts';

const variables = { NAME: 'dice', EMPTY: '' };

for (const [text, expected] of [
  ['$NAME and ${NAME}', 'dice and dice'],
  ['${UNSET}', ''],
  ['${UNSET:-8000}:8000', '8000:8000'],
  ['${EMPTY:-full}', 'full'],
  ['${EMPTY-full}', ''],
  ['${UNSET-full}', 'full'],
  ['${UNSET:-${NAME:-x}}!', 'dice!'],
  ['${NAME:+set}${UNSET:+set}', 'set'],
  ['price: $$5 ${NAME:?needed}', 'price: $5 dice'],
] as const) {
  test(`"${text}" becomes "${expected}"`, () => assert.equal(interpolate(text, variables), expected));
}

test('a required variable that is missing is named', () => {
  assert.throws(() => interpolate('${SECRET:?set a secret}', variables), /Set SECRET: set a secret/);
});

test('a text that Compose could not read is refused', () => {
  assert.throws(() => interpolate('${NAME', variables), /closing brace/);
  assert.throws(() => interpolate('${NAME!x}', variables), /not a variable/);
  assert.throws(() => interpolate('costs $5', variables), /\$\$/);
});

test('values are interpolated at any depth, keys and numbers are not', () => {
  const tree = { $NAME: [{ a: '$NAME', b: 5, c: null }] };
  assert.deepEqual(interpolateTree(tree, variables), { $NAME: [{ a: 'dice', b: 5, c: null }] });
});

test('the variables of a text are found, escaped dollars are not', () => {
  assert.deepEqual(variableNames('127.0.0.1:${PORT:-8000}:$INNER $$NO'), ['PORT', 'INNER']);
});
