import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkDocuments, type Documents } from '../check/documents.ts';
import { readPage } from '../page.ts';

const files: Record<string, string> = {
  Makefile: 'up down traffic NUM_USERS stage docs-check',
  'stage-1/compose.yaml': 'services: { dice-roller: {} }',
  'stage-1/src/app.ts': "  one();\n  two();\n  three('dice_rolls_total');\n",
  'stage-1/observability/dashboard.json': '{ "title": "Request Rate", "expr": "rate(dice_rolls_total[1m])" }',
  'stage-1/more.md': '# More\n',
  'stage-2/src/app.ts': 'four();\n',
  'docs/glossary.md': '# Glossary\n\n### Span\n',
};

/** What is wrong in a page of stage 1 with this text, without the remedies. */
function faultsIn(text: string, file = 'stage-1/README.md'): string[] {
  const all: Record<string, string> = { ...files, [file]: text };
  const documents: Documents = {
    root: '/nowhere',
    files: Object.keys(all),
    pages: Object.keys(all)
      .filter((name) => name.endsWith('.md'))
      .map((name) => readPage(name, all[name]!)),
    read: (name) => all[name] ?? '',
    address: 'https://github.com/a/b',
  };
  return checkDocuments(documents).map(({ line, fault }) => `${line}: ${fault}`);
}

const address = 'https://github.com/a/b/blob/main';

const right = `# One

Look at \`dice_rolls_total\` in "Request Rate", at \`src/app.ts\` and a [span](${address}/docs/glossary.md#span).
Run \`make stage-1 up\`.

\`\`\`ts title="src/app.ts"
one();
…
three('dice_rolls_total');
\`\`\`

\`\`\`promql
sum(rate(dice_rolls_total[1m]))
\`\`\`

\`\`\`console
$ docker compose stop dice-roller
\`\`\`
`;

test('a page that names only what exists has no fault', () => {
  assert.deepEqual(faultsIn(right), []);
});

const wrong: [string, string, string, RegExp][] = [
  [
    'a metric in code font that nothing emits',
    '`dice_rolls_total`',
    '`dice_rolls_made`',
    /^3: it names dice_rolls_made in code font/,
  ],
  ['a panel that no dashboard has', '"Request Rate"', '"Request Count"', /^3: it names Request Count in quotes/],
  ['a file that does not exist', '`src/app.ts`', '`src/server.ts`', /^3: it names src\/server\.ts/],
  ['a link to a missing file', 'glossary.md#span', 'words.md', /^3: it links to docs\/words\.md, which does not exist/],
  [
    'a link to a missing heading',
    '#span',
    '#trace',
    /^3: it links to #trace, but docs\/glossary\.md has no such heading/,
  ],
  [
    'a link that leaves the stage',
    `${address}/docs`,
    '../docs',
    /^3: it links to \.\.\/docs\/glossary\.md#span, which the stage's branch/,
  ],
  [
    'a codespace of another repository',
    `(${address}/docs/glossary.md#span)`,
    '(https://codespaces.new/a/c)',
    /^3: it opens https:\/\/codespaces\.new\/a\/c in a codespace, not this repository/,
  ],
  ['a make target that does not exist', 'make stage-1 up', 'make stage-1 fly', /the Makefile does not know fly/],
  ['a stage that does not exist', 'make stage-1 up', 'make stage-7 up', /there is no stage-7/],
  [
    'lines that the file does not have',
    'one();',
    'zero();',
    /^6: it shows lines that stage-1\/src\/app\.ts does not have/,
  ],
  [
    'a query that does not parse',
    'rate(dice_rolls_total[1m]))',
    'rate(dice_rolls_total[1m])',
    /^13: this query does not parse/,
  ],
  ['a query for a metric that nothing emits', 'rate(dice_rolls_total[', 'rate(dice_total[', /^13: it names dice_total/],
  [
    'a service that the stage does not have',
    'stop dice-roller',
    'stop postgres',
    /^17: .*stage-1 has no service postgres/,
  ],
  ['a program that the reader need not have', 'docker compose stop', 'kubectl stop', /^17: kubectl is not a program/],
];

for (const [what, from, to, expected] of wrong) {
  test(`${what} is named, with its line`, () => {
    assert.ok(right.includes(from));
    const faults = faultsIn(right.replace(from, to));
    assert.equal(faults.length, 1, faults.join('\n'));
    assert.match(faults[0]!, expected);
  });
}

test('a page may name what its stage has, and a page about all stages what any of them has', () => {
  assert.match(faultsIn('Call `four()`.').join('\n'), /^1: it names four\(\) in code font, but stage-1 has nothing/);
  assert.deepEqual(faultsIn('Call `four()`.', 'docs/page.md'), []);
});

test('a picture needs a file and an alt text', () => {
  const faults = faultsIn('![x](images/none.png)');
  assert.match(faults.join('\n'), /images\/none\.png, which does not exist/);
  assert.match(faults.join('\n'), /has no alt text/);
});
