import assert from 'node:assert/strict';
import { test } from 'node:test';
import { colourOf } from '../page/services.ts';

test('a service keeps its colour, eight services have eight, and the ninth begins again', () => {
  const services = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
  const colours = services.map(colourOf);
  assert.equal(new Set(colours).size, 8);
  assert.equal(colourOf('a'), colours[0]);
  assert.equal(colourOf('i'), colours[0]);
});
