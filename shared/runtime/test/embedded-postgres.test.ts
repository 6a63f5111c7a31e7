import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { linkLibraries } from '../run/embedded-postgres.ts';

function packageWith(t: TestContext, links: object[] | undefined) {
  const folder = mkdtempSync(join(tmpdir(), 'postgres-'));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const name of ['bin', 'lib']) mkdirSync(join(folder, 'native', name), { recursive: true });
  writeFileSync(join(folder, 'native/lib/libx.so.6.18'), 'library');
  if (links) writeFileSync(join(folder, 'native/pg-symlinks.json'), JSON.stringify(links));
  return { binary: join(folder, 'native/bin/postgres'), lib: join(folder, 'native/lib') };
}

test('a package that was installed without its scripts gets its links, once', (t) => {
  const { binary, lib } = packageWith(t, [{ source: 'native/lib/libx.so.6.18', target: 'native/lib/libx.so.6' }]);
  linkLibraries(binary);
  linkLibraries(binary);
  assert.deepEqual(readdirSync(lib).sort(), ['libx.so.6', 'libx.so.6.18']);
  assert.equal(readFileSync(join(lib, 'libx.so.6'), 'utf8'), 'library');
});

test('any other PostgreSQL is left alone', (t) => {
  const { binary, lib } = packageWith(t, undefined);
  linkLibraries(binary);
  assert.deepEqual(readdirSync(lib), ['libx.so.6.18']);
});
