import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { git } from '../../lessons/git.ts';
import { readPages } from '../pages.ts';
import { copyTree } from '../run/tree.ts';

test('pages are followed in a copy of what could be committed, which shares the packages and is removed', (t) => {
  const root = mkdtempSync(join(tmpdir(), 'tree-'));
  t.after(() => rmSync(root, { recursive: true }));
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  };
  git(root, ['init', '--quiet']);
  for (const file of ['package-lock.json', 'stage-1/gone.ts']) write(file, file);
  git(root, ['add', '--all']);
  write('.gitignore', 'node_modules\n.run\nignored\n');
  for (const file of ['stage-1/ä b.ts', 'ignored', 'node_modules/a/index.js']) write(file, file);
  rmSync(join(root, 'stage-1/gone.ts'));
  let copy: string;
  {
    using tree = copyTree(root);
    copy = tree.root;
    assert.equal(readFileSync(join(copy, 'stage-1/ä b.ts'), 'utf8'), 'stage-1/ä b.ts');
    assert.deepEqual(
      ['ignored', 'stage-1/gone.ts', '.run'].map((file) => existsSync(join(copy, file))),
      [false, false, false],
    );
    assert.ok(existsSync(join(copy, 'node_modules/a/index.js')));
    assert.equal(statSync(join(copy, 'package-lock.json')).mtimeMs, 0);
  }
  assert.equal(existsSync(copy), false);
  assert.ok(existsSync(join(root, 'node_modules/a/index.js')), 'the link went, not the packages');
});

test('the pages are every README, CONTRIBUTING.md and what is in docs/, and not the site', (t) => {
  const root = mkdtempSync(join(tmpdir(), 'pages-'));
  t.after(() => rmSync(root, { recursive: true }));
  const pages = ['README.md', 'stage-1/README.md', 'CONTRIBUTING.md', 'docs/lessons/stage-1.md'];
  const others = ['site/README.md', 'stage-1/NOTES.md', 'MYREADME.md', 'docs/picture.png'];
  for (const file of [...pages, ...others]) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), '# A\n');
  }
  assert.deepEqual(
    readPages(root, [...pages, ...others]).map(({ file }) => file),
    pages,
  );
});
