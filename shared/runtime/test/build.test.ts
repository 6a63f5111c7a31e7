import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { Problem } from '../problem.ts';
import { buildIfChanged } from '../run/build.ts';

const later = 1000;

// A service whose build counts how often it ran.
function serviceFixture(
  t: TestContext,
  dockerfile: string,
  build = 'mkdir -p .next && echo x | tee -a .next/BUILD_ID',
) {
  const directory = mkdtempSync(join(tmpdir(), 'build-'));
  t.after(() => rmSync(directory, { recursive: true }));
  t.mock.method(console, 'log', () => undefined);
  writeFileSync(join(directory, 'Dockerfile'), dockerfile);
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ scripts: { build } }));
  writeFileSync(join(directory, 'page.ts'), '');
  const past = Date.now() / 1000 - later;
  for (const file of ['Dockerfile', 'package.json', 'page.ts']) utimesSync(join(directory, file), past, past);

  return {
    directory,
    build: () => buildIfChanged({ name: 'web', directory, environment: { PATH: process.env.PATH! } }),
    builds: () => readFileSync(join(directory, '.next/BUILD_ID'), 'utf8').trim().split('\n').length,
  };
}

const dockerfile = 'FROM node AS build\nRUN npm ci\nRUN npm run build\nFROM node\nCMD ["node", "server.ts"]\n';

test('a service is built once, and again only after a change', async (t) => {
  const { directory, build, builds } = serviceFixture(t, dockerfile);
  await build();
  await build();
  assert.equal(builds(), 1);

  const soon = Date.now() / 1000 + later;
  utimesSync(join(directory, 'page.ts'), soon, soon);
  await build();
  assert.equal(builds(), 2);
});

test('a service whose Dockerfile builds nothing is not built', async (t) => {
  const { build, builds } = serviceFixture(t, 'FROM node\nRUN npm ci\nCMD ["node", "server.ts"]\n');
  await build();

  assert.throws(builds, /ENOENT/);
});

test('a build that fails is told with its last lines', async (t) => {
  const { build } = serviceFixture(t, dockerfile, 'echo no such page && exit 1');

  await assert.rejects(
    build,
    (error) => error instanceof Problem && /web could not be built.*\| no such page/s.test(error.message),
  );
});
