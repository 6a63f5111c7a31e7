import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandsOf } from '../commands.ts';
import { readPage } from '../page.ts';
import type { Outcome } from '../run/follow.ts';
import { rewriteOutputs } from '../run/rewrite.ts';

const fence = '```';

function rewritten(shown: string, printed: string[], result: Outcome['result'] = 'failed'): string {
  const text = `# A\n\n${fence}console\n$ first\n$ second\n${shown}\n${fence}\nEnd\n`;
  const page = readPage('README.md', text);
  const [, command] = commandsOf(page.blocks[0]!);
  const outcome: Outcome = { page, command: command!, result, detail: '', printed };
  return rewriteOutputs(text, [outcome]).split(`$ second\n`)[1]!.split(`\n${fence}`)[0]!;
}

test('output that differs is replaced by what was printed', () => {
  assert.equal(rewritten('old', ['new', 'lines']), 'new\nlines');
});

test('output that agrees stays', () => {
  assert.equal(rewritten('old 1', ['old 2'], 'passed'), 'old 1');
});

test('an ellipsis stays where it was, between as many lines as before', () => {
  assert.equal(rewritten('a 1\n…\nz 1', ['a 2', 'b', 'c', 'z 2']), 'a 2\n…\nz 2');
  assert.equal(rewritten('…\nmiddle 1\n…', ['a', 'middle 2', 'c']), '…\nmiddle 2\n…');
});
