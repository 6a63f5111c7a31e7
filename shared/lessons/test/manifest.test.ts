import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { matchesAny, parseManifest } from '../manifest.ts';
import { unshownHunks } from '../pages/coverage.ts';
import type { Hunk, Line } from '../pages/hunks.ts';
import type { Lesson } from '../pages/lesson.ts';
import { folderBefore } from '../steps.ts';
import { smallFiles } from './small-files.ts';

const text = smallFiles()['shared/stages.yaml']!;

suite('the manifest', () => {
  test('says what each step is compared with: another folder, or the stage before', () => {
    const manifest = parseManifest(text);
    assert.deepEqual(
      [0, 1, 2].map((index) => folderBefore(manifest, index)),
      ['shared/baseline', 'stage-1', 'stage-2'],
    );
    const [first] = manifest.steps;
    const without = { ...manifest, steps: [{ ...first!, after: undefined }] };
    assert.throws(() => folderBefore(without, 0), /The first step, stage-1, must say in "after"/);
  });

  for (const [what, part, by, message] of [
    ['a key that it does not know', 'own:', 'owns:', /owns/],
    ['a budget that is no number', 'added: 10', 'added: many', /at budget\.added/],
    ['two concerns for everything else', "metrics: ['**/metrics.ts']", 'metrics: []', /exactly one concern/],
    ['a stage of another name', 'stage: stage-2', 'stage: second', /at steps\[1\]\.stage/],
    ['text that is no YAML', 'steps:', 'steps: [', /shared\/stages\.yaml is not valid/],
  ] as const) {
    test(`is refused with ${what}`, () => {
      assert.ok(text.includes(part));
      assert.throws(() => parseManifest(text.replace(part, by)), message);
    });
  }

  test('names files by globs, also those that begin with a dot', () => {
    assert.ok(matchesAny('dice/.dockerignore', ['*/.dockerignore']));
    assert.ok(matchesAny('observability/.hidden/a.json', ['observability/**']));
    assert.ok(!matchesAny('dice/src/metrics.ts', ['*.ts', '*/metrics.ts']));
  });
});

suite('a page must show', () => {
  const hunk = (path: string, isNew: boolean, ...lines: string[]): Hunk => ({
    ...{ path, isNew, start: 1 },
    lines: lines.map((line): Line => ({ sign: line[0] as Line['sign'], text: line.slice(1) })),
  });
  const missing = (hunk: Hunk, ...pieces: [from: number, to: number][]) => {
    const lesson = { manifest: parseManifest(text), hunks: [hunk] } as unknown as Lesson;
    return unshownHunks(
      lesson,
      pieces.map(([from, to]) => ({ hunk, from, to })),
    ).map(({ missing, whole }) => ({ missing, whole }));
  };

  test('every changed line but blank ones and closing brackets', () => {
    const changed = hunk('a.tsx', false, ' before', '+a(', '+', '+);', '-  </p>', '-b');
    assert.deepEqual(missing(changed), [{ missing: [1, 5], whole: true }]);
    assert.deepEqual(missing(changed, [1, 1]), [{ missing: [5], whole: false }]);
    assert.deepEqual(missing(changed, [0, 1], [5, 5]), []);
  });

  test('a new file without the imports at its top, and a changed one with them', () => {
    const lines = ["+import 'a';", "+import 'b';", '+', '+a();'];
    assert.deepEqual(missing(hunk('a.ts', true, ...lines), [3, 3]), []);
    assert.deepEqual(missing(hunk('a.ts', false, ...lines), [3, 3]), [{ missing: [0, 1], whole: false }]);
    assert.deepEqual(missing(hunk('a.ts', true, '+a();', '+', "+import 'b';"), [0, 0]), [
      { missing: [2], whole: false },
    ]);
  });

  test('each hunk, even one that needs no line, but not what is only counted or left out', () => {
    assert.deepEqual(missing(hunk('a.ts', false, '+}')), [{ missing: [], whole: true }]);
    assert.deepEqual([missing(hunk('dice/test/a.ts', true, '+a')), missing(hunk('README.md', false, '+a'))], [[], []]);
  });
});
