import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Documents } from '../check/documents.ts';
import { contains } from '../check/excerpts.ts';
import { localTarget } from '../check/links.ts';
import { pageQueries } from '../check/queries.ts';
import { readPage } from '../page.ts';

suite('an excerpt', () => {
  const file = 'services:\n  web:\n    build: ./web\n    ports:\n      - 1:1\n  die:\n    build: ./die\n';

  test('is lines of its file one after another, with any indent', () => {
    assert.equal(contains(file, 'web:\n  build: ./web'), true);
    assert.equal(contains(file, 'web:\nports:'), false);
    assert.equal(contains(file, 'build: ./we'), false);
  });

  test('may leave lines out, in their order, and none of them may be shown twice', () => {
    assert.equal(contains(file, 'services:\n  # …\n  die:'), true);
    assert.equal(contains(file, 'die:\n…\nweb:'), false);
    assert.equal(contains(file, 'build: ./die\n…\nbuild: ./die'), false);
    assert.equal(contains(file, '// …\nports:\n…'), true);
  });

  test('may begin with a line that occurs in several places', () => {
    assert.equal(contains('a\nb\na\nc', 'a\nc'), true);
  });
});

test('a link leads to a file of this repository, relative or by its full address, or to somewhere else', () => {
  const documents = { address: 'https://github.com/a/b' } as Documents;
  const target = (url: string, file = 'docs/setup.md') => localTarget(documents, readPage(file, ''), url);
  assert.deepEqual(target('../stage-1/README.md#run-it'), { file: 'stage-1/README.md', anchor: 'run-it' });
  assert.deepEqual(target('#top'), { file: 'docs/setup.md', anchor: 'top' });
  assert.deepEqual(target('lessons/'), { file: 'docs/lessons' });
  assert.deepEqual(target('a%20b.md', 'README.md'), { file: 'a b.md' });
  assert.deepEqual(target('https://github.com/a/b/blob/main/stage-1/x.ts#L5'), { file: 'stage-1/x.ts', anchor: 'L5' });
  assert.deepEqual(target('https://github.com/a/b/tree/main/docs'), { file: 'docs' });
  for (const url of [
    'https://github.com/a/bc',
    'https://example.com/docs',
    'https://example.com/?https://github.com/a/b/blob/main/x',
    'mailto:ann@example.com',
  ])
    assert.equal(target(url), undefined, url);
});

test('the queries of a page are the lines of their blocks, in their language, with their lines', () => {
  const page = readPage('a.md', 'Text.\n\n```promql\nup\n\nsum(up)\n```\n\n```logql\n{a="b"}\n```\n\n```ts\nup\n```\n');
  assert.deepEqual(pageQueries(page), [
    { language: 'prometheus', text: 'up', line: 4 },
    { language: 'prometheus', text: 'sum(up)', line: 6 },
    { language: 'loki', text: '{a="b"}', line: 10 },
  ]);
});
