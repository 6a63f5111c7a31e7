import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { stepsOf } from '../steps.ts';

/** The names of the steps that a stage of these services has. */
function namesOf(t: TestContext, services: string[], only?: string[]): string[] {
  const directory = mkdtempSync(join(tmpdir(), 'steps-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const compose = { services: Object.fromEntries(services.map((name) => [name, { image: name }])) };
  writeFileSync(join(directory, 'compose.yaml'), JSON.stringify(compose));
  return stepsOf(directory, only).map(({ name }) => name);
}

const first = ['dice-roller', 'otel-collector'];

test('a stage has the steps whose services it has, hostile requests first', (t) => {
  assert.deepEqual(namesOf(t, first), ['hostile', 'collector', 'sigterm', 'sigkill']);
  assert.deepEqual(namesOf(t, ['dice-roller']), ['hostile', 'sigterm', 'sigkill']);
  const added = namesOf(t, [...first, 'die-service', 'frontend']).filter((name) => !namesOf(t, first).includes(name));
  assert.deepEqual(added, ['die-service']);
});

test('some steps may be asked for, in their own order, and one that the stage does not have is refused', (t) => {
  assert.deepEqual(namesOf(t, first, ['sigkill', 'hostile']), ['hostile', 'sigkill']);
  assert.throws(
    () => namesOf(t, first, ['hostile', 'die-service']),
    /There is no step die-service\. There are: hostile, collector, sigterm, sigkill\./,
  );
});
