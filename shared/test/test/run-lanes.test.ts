import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import { folderOf } from './small-stages.ts';

interface Ended {
  type: string;
  data: { name?: string; file?: string };
}

const lane = (...files: string[]) => ({ files, concurrency: 2 });
const passing = (name: string, before = '') =>
  `import { test } from 'node:test'; ${before}; test('${name} 1', () => {}); test('${name} 2', () => {});`;

const program = `
  import { runLanes } from ${JSON.stringify(new URL('../run-lanes.ts', import.meta.url).href)};
  const rows = JSON.parse(process.argv[2]);
  for await (const { type, data } of runLanes(import.meta.dirname, rows, new AbortController().signal))
    console.log(JSON.stringify({ type, data: { name: data.name, file: data.file } }));
`;

// In a process of its own, for node:test refuses to run within a test.
async function eventsOf(t: TestContext, files: Record<string, string>, rows: ReturnType<typeof lane>[][]) {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const words = [join(folderOf(t, { ...files, 'program.mjs': program }), 'program.mjs'), JSON.stringify(rows)];
  const { stdout } = await promisify(execFile)(process.execPath, words, { env });
  const lines = stdout.trim().split('\n');
  return lines.map((line): Ended => JSON.parse(line));
}

function ended(events: Ended[]): string[] {
  return events.flatMap(({ type, data }) =>
    type === 'test:pass' || type === 'test:fail' ? [`${type} ${data.name}`] : [],
  );
}

test("a file's events stand together, though the rows run side by side", async (t) => {
  const until = (file: string) =>
    `import { existsSync, writeFileSync } from 'node:fs';
    writeFileSync(import.meta.filename + '.runs', '');
    while (!existsSync(import.meta.dirname + '/${file}.runs')) await new Promise((resolve) => setTimeout(resolve, 10));`;
  const events = await eventsOf(
    t,
    // Each waits for the other, so one after the other they would never end.
    { 'a.test.mjs': passing('a', until('b.test.mjs')), 'b.test.mjs': passing('b', until('a.test.mjs')) },
    [[lane('a.test.mjs')], [lane('b.test.mjs')]],
  );
  const names = ended(events).map((line) => line.replace('test:pass ', ''));

  assert.deepEqual(names.toSorted(), ['a 1', 'a 2', 'b 1', 'b 2']);
  assert.ok(['a 1,a 2,b 1,b 2', 'b 1,b 2,a 1,a 2'].includes(names.join()), names.join());
});

test('a lane begins when the one before it in its row has ended', async (t) => {
  const events = await eventsOf(
    t,
    {
      'first.test.mjs': `${passing('first', "import { writeFileSync } from 'node:fs'")}
      test('it takes its time', async () => {
        await new Promise((resolve) => setTimeout(resolve, 300));
        writeFileSync(import.meta.dirname + '/ended', '');
      });`,
      'second.test.mjs': `import { test } from 'node:test'; import { readFileSync } from 'node:fs';
      test('second', () => readFileSync(import.meta.dirname + '/ended'));`,
    },
    [[lane('first.test.mjs'), lane('second.test.mjs')]],
  );

  assert.equal(ended(events).at(-1), 'test:pass second');
});

test('a file that fails as a whole, and one that does not exist, are failures', async (t) => {
  const events = await eventsOf(t, { 'broken.test.mjs': 'throw new Error()', 'good.test.mjs': passing('good') }, [
    [lane('broken.test.mjs', 'missing.test.mjs')],
    [lane('good.test.mjs')],
  ]);

  assert.equal(ended(events).filter((line) => line.startsWith('test:fail')).length, 2);
  assert.equal(events.filter(({ type, data }) => type === 'test:summary' && !data.file).length, 1);
});
