import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Hunk, Line } from '../pages/hunks.ts';
import { languageOf, renderBlock } from '../pages/render-block.ts';

function rendered(path: string, lines: string[], attributes: Record<string, string> = {}): string[] {
  const hunk: Hunk = {
    ...{ path, start: 1, isNew: false },
    lines: lines.map((line): Line => ({ sign: line[0] as Line['sign'], text: line.slice(1) })),
  };
  return renderBlock(attributes, { hunk, from: 0, to: lines.length - 1 }).split('\n');
}

suite('a block', () => {
  test('has the language of its file, what its author wrote, and its lines', () => {
    const attributes = { title: 'a.ts', anchor: 'say("a")', lang: 'old' };
    assert.deepEqual(rendered('a.ts', [' a', '+b  ', '-'], attributes), [
      `\`\`\`diff lang="ts" title="a.ts" anchor='say("a")'`,
      ...[' a', '+b', '-'],
      '```',
    ]);
  });

  test('has a fence that is longer than any in it', () => {
    const [opening, ...lines] = rendered('a.md', ['+````', '+a ``` b']);
    assert.match(opening!, /^`{5}diff /);
    assert.equal(lines.at(-1), '`````');
  });

  test('folds what stays the same between two changes to its first line, if it is long', () => {
    const four = rendered('a.ts', ['+a', '   b', '   c', ' d', ' e', '+f']);
    assert.deepEqual(four.slice(1, -1), ['+a', '   b', '   …', '+f']);
    const three = ['+a', ' b', ' c', ' d', '+f'];
    assert.deepEqual(rendered('a.ts', three).slice(1, -1), three);
  });

  test('keeps what is around all changes', () => {
    const around = [' a', ' b', ' c', ' d', '+e', ' f', ' g', ' h', ' i'];
    assert.deepEqual(rendered('a.ts', around).slice(1, -1), around);
  });
});

test('a file is highlighted in its own language, and as text where there is none', () => {
  const paths = ['src/app.ts', 'page.tsx', 'dice/Dockerfile', 'compose.yaml', 'icon.svg', '.dockerignore'];
  assert.deepEqual(paths.map(languageOf), ['ts', 'tsx', 'docker', 'yaml', 'xml', 'txt']);
});
