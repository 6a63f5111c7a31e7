import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandsOf, editOf, isEdit } from '../commands.ts';
import { readPage } from '../page.ts';

const text = `# Stage 9

## Run it

\`\`\`console
$ make stage-1 up
$ curl localhost:8000 \\
  -i
HTTP/1.1 200 OK
\`\`\`

Look at \`dice_rolls_total\` in "Request Rate", and [there](other.md#a-b).

### Break it, now

<details><summary>Why</summary>

\`\`\`diff title="src/app.ts"
 one
-two
+three
\`\`\`

</details>

![short](images/x.png)
`;
const page = readPage('stage-9/README.md', text);

test('blocks come with their line, their options and the headings above them', () => {
  assert.deepEqual(
    page.blocks.map(({ language, line, options, section }) => ({ language, line, options, section })),
    [
      { language: 'console', line: 5, options: {}, section: ['Run it'] },
      { language: 'diff', line: 18, options: { title: 'src/app.ts' }, section: ['Run it', 'Break it, now'] },
    ],
  );
  assert.equal(page.stage, 'stage-9');
});

test('a command continues after a backslash, and its output follows', () => {
  assert.deepEqual(commandsOf(page.blocks[0]!), [
    { text: 'make stage-1 up', line: 6, output: [] },
    { text: 'curl localhost:8000 \\\n  -i', line: 7, output: ['HTTP/1.1 200 OK'] },
  ]);
});

test('a diff block with a title is an edit, with the lines before and after', () => {
  const [, block] = page.blocks;
  assert.ok(isEdit(block!));
  assert.deepEqual(editOf(block!), { file: 'src/app.ts', from: 'one\ntwo', to: 'one\nthree' });
  assert.ok(!isEdit({ ...block!, options: { title: 'src/app.ts', anchor: 'two' } }));
});

test('names, quotes, links, pictures and anchors are found', () => {
  assert.deepEqual(page.codes, [{ text: 'dice_rolls_total', line: 12 }]);
  assert.deepEqual(page.quotes, [{ text: 'Request Rate', line: 12 }]);
  assert.deepEqual(page.links, [{ text: 'other.md#a-b', line: 12 }]);
  assert.deepEqual(page.images, [{ text: 'images/x.png', line: 26, alt: 'short' }]);
  assert.deepEqual([...page.anchors], ['stage-9', 'run-it', 'break-it-now']);
});
