import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import type { Queued } from '../queue.ts';
import { folderOf } from './small-stages.ts';

interface Ended {
  type: string;
  data: { name?: string; file?: string };
}

const passing = (name: string, before = '') =>
  `import { test } from 'node:test'; ${before}; test('${name} 1', () => {}); test('${name} 2', () => {});`;

const program = `
  import { runQueue } from ${JSON.stringify(new URL('../run-queue.ts', import.meta.url).href)};
  const queue = JSON.parse(process.argv[2]);
  for await (const { type, data } of runQueue(queue, { root: import.meta.dirname, concurrency: 2 }))
    console.log(JSON.stringify({ type, data: { name: data.name, file: data.file } }));
`;

// In a process of its own, for node:test refuses to run within a test.
async function eventsOf(t: TestContext, files: Record<string, string>, queue: Queued[]) {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const words = [join(folderOf(t, { ...files, 'program.mjs': program }), 'program.mjs'), JSON.stringify(queue)];
  const { stdout } = await promisify(execFile)(process.execPath, words, { env });
  const lines = stdout.trim().split('\n');
  return lines.map((line): Ended => JSON.parse(line));
}

function ended(events: Ended[]): string[] {
  return events.flatMap(({ type, data }) =>
    type === 'test:pass' || type === 'test:fail' ? [`${type} ${data.name}`] : [],
  );
}

/** Waits in a file until another file runs. */
const until = (file: string) =>
  `import { existsSync, writeFileSync } from 'node:fs';
  writeFileSync(import.meta.filename + '.runs', '');
  while (!existsSync(import.meta.dirname + '/${file}.runs')) await new Promise((resolve) => setTimeout(resolve, 10));`;

test("a file's events stand together, though files run side by side", async (t) => {
  const events = await eventsOf(
    t,
    // Each waits for the other, so one after the other they would never end.
    { 'a.test.mjs': passing('a', until('b.test.mjs')), 'b.test.mjs': passing('b', until('a.test.mjs')) },
    [{ files: ['a.test.mjs'] }, { files: ['b.test.mjs'] }],
  );
  const names = ended(events).map((line) => line.replace('test:pass ', ''));

  assert.deepEqual(names.toSorted(), ['a 1', 'a 2', 'b 1', 'b 2']);
  assert.ok(['a 1,a 2,b 1,b 2', 'b 1,b 2,a 1,a 2'].includes(names.join()), names.join());
});

test('the files of one entry run in one process, and each failure is a failure', async (t) => {
  const once = "import assert from 'node:assert'; assert.equal((globalThis.files = (globalThis.files ?? 0) + 1), ";
  const files = {
    'a.test.mjs': passing('a', `${once} 1)`),
    'b.test.mjs': "import { test } from 'node:test'; test('b', () => { throw new Error(); });",
    'c.test.mjs': passing('c', `${once} 2)`),
  };
  const events = await eventsOf(t, files, [{ files: Object.keys(files) }]);

  assert.deepEqual(ended(events), [...['a 1', 'a 2'].map(passed), 'test:fail b', ...['c 1', 'c 2'].map(passed)]);
});

const passed = (name: string) => `test:pass ${name}`;

test('two that mostly wait take the place of one', async (t) => {
  // With a concurrency of two, the last would never begin if each of the others took a place.
  const files = {
    'a.test.mjs': until('c.test.mjs'),
    'b.test.mjs': until('c.test.mjs'),
    'c.test.mjs': until('a.test.mjs'),
  };
  const queue = ['a', 'b', 'c'].map((name) => ({ files: [`${name}.test.mjs`], waits: name !== 'c' }));

  assert.deepEqual(ended(await eventsOf(t, files, queue)).length, 3);
});

// The first file waits for one that is behind the second, and the second fails unless the first has ended.
test('a file that must wait for another begins when that has ended, and those behind it go first', async (t) => {
  const files = {
    'first.test.mjs': `import { test } from 'node:test'; import { existsSync, writeFileSync } from 'node:fs';
      test('first', async () => {
        while (!existsSync(import.meta.dirname + '/other')) await new Promise((resolve) => setTimeout(resolve, 10));
        writeFileSync(import.meta.dirname + '/ended', '');
      });`,
    'second.test.mjs': passing(
      'second',
      "import { readFileSync } from 'node:fs'; readFileSync(import.meta.dirname + '/ended')",
    ),
    'other.test.mjs': passing(
      'other',
      "import { writeFileSync } from 'node:fs'; writeFileSync(import.meta.dirname + '/other', '')",
    ),
  };
  const events = await eventsOf(t, files, [
    { files: ['first.test.mjs'] },
    { files: ['second.test.mjs'], after: 'first.test.mjs' },
    { files: ['other.test.mjs'] },
  ]);

  assert.deepEqual(ended(events).sort(), ['first', 'other 1', 'other 2', 'second 1', 'second 2'].map(passed));
});

test('a file that fails as a whole, and one that does not exist, are failures', async (t) => {
  const files = { 'broken.test.mjs': 'throw new Error()', 'good.test.mjs': passing('good') };
  const queue = ['broken', 'missing', 'good'].map((name) => ({ files: [`${name}.test.mjs`] }));
  const events = await eventsOf(t, files, queue);

  assert.equal(ended(events).filter((line) => line.startsWith('test:fail')).length, 2);
  assert.equal(events.filter(({ type, data }) => type === 'test:summary' && !data.file).length, 1);
});
