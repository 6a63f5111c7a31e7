import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { repositoryRoot } from '../../runtime/places.ts';

const exported = (file: string) =>
  [...readFileSync(file, 'utf8').matchAll(/^export (?:async )?(?:const|function) (\w+)/gm)].map(([, name]) => name!);

for (const name of ['logger', 'metrics', 'instrumentation']) {
  test(`the module that leaves ${name}.ts out exports what stage 1's does`, async () => {
    const real = exported(join(repositoryRoot, `stage-1/dice-roller/src/${name}.ts`));
    const empty = Object.keys(await import(`../without/${name}.ts`));

    assert.deepEqual(empty.sort(), real.sort());
  });
}
