import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { Problem } from '../problem.ts';
import { buildIfChanged } from '../run/build.ts';
import { keepBuild } from '../run/kept-build.ts';

const dockerfile = 'FROM node AS build\nRUN npm ci\nRUN npm run build\nFROM node\nCMD ["node", "server.ts"]\n';
const counting = 'mkdir -p .next/standalone && echo x | tee -a ../../builds > .next/BUILD_ID';

// Stages with a service each, whose builds are counted.
function stagesFixture(t: TestContext, { build = counting, docker = dockerfile } = {}) {
  const root = mkdtempSync(join(tmpdir(), 'build-'));
  t.after(() => rmSync(root, { recursive: true }));
  t.mock.method(console, 'log', () => undefined);
  writeFileSync(join(root, 'builds'), '');
  const folder = (stage: string) => join(root, stage, 'web');
  for (const directory of ['stage-1', 'stage-2'].map(folder)) {
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, 'Dockerfile'), docker);
    writeFileSync(join(directory, 'package.json'), JSON.stringify({ scripts: { build } }));
    writeFileSync(join(directory, 'page.ts'), 'one');
  }

  return {
    folder,
    build: (stage: string) =>
      buildIfChanged({ name: 'web', directory: folder(stage), environment: { PATH: process.env.PATH! } }),
    builds: () => readFileSync(join(root, 'builds'), 'utf8').length / 2,
  };
}

test('a service is built once, and again only when its content changed', async (t) => {
  const { folder, build, builds } = stagesFixture(t);
  const page = join(folder('stage-1'), 'page.ts');
  await build('stage-1');
  const soon = Date.now() / 1000 + 1000;
  utimesSync(page, soon, soon);
  await build('stage-1');
  assert.equal(builds(), 1);

  writeFileSync(page, 'two');
  await build('stage-1');
  assert.equal(builds(), 2);
});

test('a build that did not come to its end is made again', async (t) => {
  const { folder, build, builds } = stagesFixture(t);
  await build('stage-1');
  rmSync(join(folder('stage-1'), '.next/BUILD_ID'));
  await build('stage-1');

  assert.equal(builds(), 2);
});

test("another stage's build of the same sources is taken, and of other sources is not", async (t) => {
  const { folder, build, builds } = stagesFixture(t);
  await build('stage-1');
  await build('stage-2');
  assert.equal(builds(), 1);
  assert.equal(readFileSync(join(folder('stage-2'), '.next/BUILD_ID'), 'utf8'), 'x\n');
  assert.equal(existsSync(join(folder('stage-2'), '.next/standalone')), false);

  writeFileSync(join(folder('stage-2'), 'page.ts'), 'two');
  await build('stage-2');
  assert.equal(builds(), 2);
});

test('a service whose Dockerfile builds nothing is not built', async (t) => {
  const { build, builds } = stagesFixture(t, { docker: 'FROM node\nRUN npm ci\nCMD ["node", "server.ts"]\n' });
  await build('stage-1');

  assert.equal(builds(), 0);
});

test('a build that fails leaves the one before as it was, and the cache as it is now', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'kept-'));
  t.after(() => rmSync(directory, { recursive: true }));
  writeFileSync(join(directory, 'page.js'), 'old');
  const { restore, forget } = keepBuild(directory);
  rmSync(join(directory, 'page.js'));
  mkdirSync(join(directory, 'cache'));
  restore();
  forget();

  assert.equal(readFileSync(join(directory, 'page.js'), 'utf8'), 'old');
  assert.ok(existsSync(join(directory, 'cache')));
});

test('a build that fails is reported with its last lines', async (t) => {
  const { build } = stagesFixture(t, { build: 'echo no such page && exit 1' });

  await assert.rejects(
    build('stage-1'),
    (error) => error instanceof Problem && /web could not be built.*\| no such page/s.test(error.message),
  );
});
