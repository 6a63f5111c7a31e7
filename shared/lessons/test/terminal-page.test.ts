import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { terminalPage } from '../diff/terminal-page.ts';
import { lessonDiff } from '../diff/diff.ts';
import { smallFilesWithPage } from './small-files.ts';
import { borrowSmallRepository } from './small-repository.ts';

const narrow = { columns: 80, colour: false };

test('prose is wrapped, code is not, and comments are left out', () => {
  const words = 'word '.repeat(30);
  const code = `+const answer = '${'x'.repeat(100)}';`;
  const text = terminalPage(
    `# Title\n\n<!-- tests -->\n\n${words}\n\n\`\`\`diff title="a.ts"\n${code}\n\`\`\`\n`,
    narrow,
  );
  const lines = text.split('\n');
  assert.equal(lines[0], 'Title');
  assert.ok(lines.includes(code));
  assert.ok(lines.some((line) => /^── a\.ts ─+$/.test(line)));
  assert.ok(lines.filter((line) => line.startsWith('word')).every((line) => line.length <= 80));
  assert.doesNotMatch(text, /<!--/);
});

test('added lines are green and removed ones red, where colours are wanted', () => {
  const page = '```diff title="a.ts"\n-old\n+new\n```\n';
  assert.match(terminalPage(page, { ...narrow, colour: true }), /\x1b\[31m-old\x1b\[39m\n\x1b\[32m\+new\x1b\[39m/);
  assert.equal(stripVTControlCharacters(terminalPage(page, { ...narrow, colour: true })), terminalPage(page, narrow));
});

test('a table too wide for the terminal is shown row by row', () => {
  const wide = 'metric, '.repeat(20);
  const table = `| Service | Signal | Added | Removed |\n|---|---|---|---|\n| dice | metrics | ${wide} | |\n`;
  const text = terminalPage(table, narrow);
  assert.match(text, /^ {2}dice, metrics\n {4}Added: metric, /);
  assert.ok(text.split('\n').every((line) => line.length <= 80));
  assert.doesNotMatch(text, /Removed/);
});

test('lists, links, quotations and emphasis read as text', () => {
  const text = terminalPage(
    '1. **one** of `two`\n2. [page](https://example.com/)\n\n> *Note.*\n\n[next](stage-2.md)\n',
    narrow,
  );
  assert.equal(text, '1. one of two\n2. page (https://example.com/)\n\n│ Note.\n\nnext\n');
});

test('the difference of a stage is its page, filled again; without a page it is the whole difference', () => {
  using repository = borrowSmallRepository(smallFilesWithPage());
  const show = (stage: string) => lessonDiff(repository.root, stage, { show: 'page', ...narrow });
  repository.edit('docs/lessons/stage-2.md', '+export {};', '+stale');
  assert.match(show('stage-2'), /^Logs\n\nThis step changes no metric[^]*\n\+export \{\};\n/);
  assert.match(show('stage-3'), /^stage-3, Traces: what it adds to stage-2\n[^]*diff --git/);
  const telemetry = lessonDiff(repository.root, 'stage-1', { show: 'telemetry', ...narrow });
  assert.match(telemetry, /dice +metrics +rolls_total, roll_seconds/);
});
