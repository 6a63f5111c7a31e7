import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { Problem } from '../problem.ts';
import { buildIfChanged } from '../run/build.ts';

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

test('a build finds what the last one kept, in whichever stage that was, and nothing of its sources', async (t) => {
  const keeping =
    'mkdir -p .next/cache && ls page.ts .next/cache | tee -a ../../seen && touch .next/cache/kept .next/BUILD_ID';
  const { folder, build } = stagesFixture(t, { build: keeping });
  writeFileSync(join(folder('stage-1'), 'only-here.ts'), '');
  await build('stage-1');
  writeFileSync(join(folder('stage-2'), 'page.ts'), 'two');
  await build('stage-2');

  const shared = join(folder('stage-1'), '../../.run/build-web');
  assert.equal(
    readFileSync(join(shared, '../../seen'), 'utf8'),
    'page.ts\n\n.next/cache:\npage.ts\n\n.next/cache:\nkept\n',
  );
  assert.deepEqual(readdirSync(shared).sort(), ['.next', 'Dockerfile', 'package.json', 'page.ts']);
  assert.equal(existsSync(join(folder('stage-2'), '.next/cache')), false);
});

test('two stages that build at once build one after the other', async (t) => {
  const alone = 'mkdir ../../busy && sleep 0.1 && rmdir ../../busy';
  const { folder, build, builds } = stagesFixture(t, { build: `${alone} && ${counting}` });
  writeFileSync(join(folder('stage-2'), 'page.ts'), 'two');
  await Promise.all([build('stage-1'), build('stage-2')]);

  assert.equal(builds(), 2);
});

test('a build that was ended in the middle holds up none after it', async (t) => {
  const { folder, build, builds } = stagesFixture(t);
  const { pid } = spawnSync('true');
  mkdirSync(join(folder('stage-1'), '../../.run'));
  symlinkSync(JSON.stringify({ pid, startedAs: 'long ago' }), join(folder('stage-1'), '../../.run/build-web.owner'));
  await build('stage-1');

  assert.equal(builds(), 1);
});

test('a build that fails is reported with its last lines, and leaves the one before as it was', async (t) => {
  const { folder, build } = stagesFixture(t, { build: `${counting} && grep one page.ts` });
  await build('stage-1');
  writeFileSync(join(folder('stage-1'), 'page.ts'), 'no such page');
  writeFileSync(
    join(folder('stage-1'), 'package.json'),
    JSON.stringify({ scripts: { build: 'rm -r .next; cat page.ts && exit 1' } }),
  );

  await assert.rejects(
    build('stage-1'),
    (error) => error instanceof Problem && /web could not be built.*\| no such page/s.test(error.message),
  );
  assert.equal(readFileSync(join(folder('stage-1'), '.next/BUILD_ID'), 'utf8'), 'x\n');
});
