import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { test } from 'node:test';
import { countedEarlier } from '../counted-earlier.ts';
import { folderOf, packageOf } from './small-stages.ts';

function counted(root: string): [string, string][] {
  return [...countedEarlier(root, globSync('stage-*/*/test/*.test.ts', { cwd: root }).sort())];
}

const test1 = 'stage-1/web/test/a.test.ts';
const test2 = 'stage-2/web/test/a.test.ts';
/** Uses the source of packageOf by an import. */
const importing = { test: "import '../src/a.ts';" };
const twice = { ...packageOf('stage-1/web', importing), ...packageOf('stage-2/web', importing) };

test('a test counts where it first occurs, in a row of equal ones', (t) => {
  const root = folderOf(t, {
    ...packageOf('stage-9/web'),
    ...packageOf('stage-10/web'),
    ...packageOf('stage-11/web'),
  });

  assert.deepEqual(counted(root), [
    ['stage-10/web/test/a.test.ts', 'stage-9/web/test/a.test.ts'],
    ['stage-11/web/test/a.test.ts', 'stage-9/web/test/a.test.ts'],
  ]);
});

for (const [what, files] of Object.entries<Record<string, string>>({
  'the test itself': { [test2]: "import '../src/a.ts'; // another" },
  'a source that it imports': { 'stage-2/web/src/a.ts': 'another' },
  "the compiler's settings": { 'stage-2/web/tsconfig.json': '{}' },
  'a source that it imports by another': {
    ...{ 'stage-1/web/src/a.ts': "export * from './b.ts';", 'stage-2/web/src/a.ts': "export * from './b.ts';" },
    ...{ 'stage-1/web/src/b.ts': 'one', 'stage-2/web/src/b.ts': 'another' },
  },
  'a file that only one stage has': {
    ...{ 'stage-1/web/src/a.ts': "import('./b.ts')", 'stage-2/web/src/a.ts': "import('./b.ts')" },
    'stage-2/web/src/b.ts': 'added',
  },
})) {
  test(`a test runs in both stages if these differ in ${what}`, (t) => {
    assert.deepEqual(counted(folderOf(t, { ...twice, ...files })), []);
  });
}

for (const [how, text] of Object.entries({
  'starts a program': "spawn('node', ['--import', './src/a.ts'])",
  'reads a file': "readFileSync(new URL('../src/a.ts', import.meta.url))",
  'imports a source afresh': 'import(`../src/a.ts?${number}`)',
  'reads a folder': "readdirSync(new URL('../src', import.meta.url))",
})) {
  test(`a test that ${how} uses it, as an import would`, (t) => {
    const stages = { ...packageOf('stage-1/web', { test: text }), ...packageOf('stage-2/web', { test: text }) };

    assert.deepEqual(counted(folderOf(t, stages)), [[test2, test1]]);
    assert.deepEqual(counted(folderOf(t, { ...stages, 'stage-2/web/src/a.ts': 'another' })), []);
  });
}

test('what a test does not use makes no difference', (t) => {
  const others = { 'stage-2/web/src/other.ts': '', 'stage-2/web/README.md': '', 'stage-2/web/test/b.test.ts': '' };

  assert.deepEqual(counted(folderOf(t, { ...twice, ...others })), [[test2, test1]]);
});

for (const [what, text] of Object.entries({
  'puts a path together': 'import(`../src/${name}.ts`);',
  'cannot be read': 'const;',
})) {
  test(`a test that ${what} runs in every stage`, (t) => {
    const stages = { ...packageOf('stage-1/web', { test: text }), ...packageOf('stage-2/web', { test: text }) };

    assert.deepEqual(counted(folderOf(t, stages)), []);
  });
}

test('a test of a package that is built uses the whole package, but not what was installed and built', (t) => {
  const built = { ...twice, 'stage-1/web/next.config.js': '', 'stage-2/web/next.config.js': '' };
  const left = { 'stage-2/web/node_modules/a.js': '', 'stage-2/web/.next/BUILD_ID': 'x' };

  assert.deepEqual(counted(folderOf(t, { ...built, ...left })), [[test2, test1]]);
  for (const file of ['app/page.tsx', '.dockerignore', 'package-lock.json', 'test/b.test.ts']) {
    assert.deepEqual(counted(folderOf(t, { ...built, [`stage-2/web/${file}`]: '' })), [], file);
  }
});

test('a test that uses its neighbour runs again when the neighbour is another', (t) => {
  const reading = { test: "new URL('../../other/src/a.ts', import.meta.url)" };
  const root = folderOf(t, {
    ...packageOf('stage-1/web', reading),
    ...packageOf('stage-1/other'),
    ...packageOf('stage-2/web', reading),
    ...packageOf('stage-2/other', { source: 'another' }),
    ...packageOf('stage-3/web', reading),
    ...packageOf('stage-3/other', { source: 'another' }),
  });

  assert.deepEqual(counted(root), [
    ['stage-2/other/test/a.test.ts', 'stage-1/other/test/a.test.ts'],
    ['stage-3/other/test/a.test.ts', 'stage-1/other/test/a.test.ts'],
    ['stage-3/web/test/a.test.ts', 'stage-2/web/test/a.test.ts'],
  ]);
});
