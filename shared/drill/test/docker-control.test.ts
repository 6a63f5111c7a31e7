import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readMemory } from '../control/docker-control.ts';

test("Docker's memory is read in any unit", () => {
  assert.equal(readMemory('45.5MiB / 192MiB\n'), 45.5);
  assert.equal(readMemory('1.5GiB / 4GiB'), 1536);
  assert.equal(readMemory('512KiB / 1MiB'), 0.5);
  assert.equal(readMemory('-- / --'), undefined);
});
