import { globSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';
import { repositoryRoot } from '../runtime/places.ts';
import { buildIfChanged } from '../runtime/run/build.ts';

// The tests of the front ends and of whole stages find these builds, and need not make their own.
for (const file of globSync('stage-*/*/next.config.js', { cwd: repositoryRoot }).sort()) {
  const folder = dirname(file);

  test(`${folder} builds`, async () => {
    const environment = { ...process.env } as Record<string, string>;
    await buildIfChanged({ name: basename(folder), directory: join(repositoryRoot, folder), environment });
  });
}
