import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readLined } from '../yaml-lines.ts';

const text = `# a comment
x-shared: &shared
  PORT: 8000
services:
  web:
    environment:
      <<: *shared
      NAME: web
    ports:
      - 1:1
      - 2:2
`;

test('what is in a text has its line: a key, an entry of a list', () => {
  const { lineOf } = readLined(text);
  const lines = [
    lineOf(['services']),
    lineOf(['services', 'web', 'environment', 'NAME']),
    lineOf(['services', 'web', 'ports', 1]),
    lineOf(['x-shared', 'PORT']),
  ];
  assert.deepEqual(lines, [4, 8, 11, 3]);
});

test('what is not there has the line of the nearest thing above it', () => {
  const { lineOf } = readLined(text);
  const lines = [
    lineOf(['services', 'web', 'environment', 'GONE']),
    lineOf(['services', 'web', 'ports', 7]),
    lineOf(['services', 'other', 'ports', 0]),
    lineOf(['nothing']),
  ];
  assert.deepEqual(lines, [6, 9, 4, 1]);
});

test('merges are in the value, JSON is read too, and what cannot be read has its line', () => {
  assert.deepEqual(readLined(text).value.services.web.environment, { PORT: 8000, NAME: 'web' });
  const json = readLined('{\n  "a": [\n    1,\n    2\n  ]\n}');
  assert.deepEqual([json.value, json.lineOf(['a', 1])], [{ a: [1, 2] }, 4]);
  assert.throws(() => readLined('a: 1\nb: [\n'), { name: 'YAMLParseError', message: /line 3/ });
});
