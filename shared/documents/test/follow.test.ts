import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { readPage } from '../page.ts';
import { followPage, type Outcome } from '../run/follow.ts';
import { runInShell } from '../run/shell.ts';

function tree(t: TestContext) {
  const root = mkdtempSync(join(tmpdir(), 'follow-'));
  t.after(() => rmSync(root, { recursive: true }));
  writeFileSync(join(root, 'a.txt'), 'one\n');
  return { root, [Symbol.dispose]: () => undefined };
}

/** What became of each command of a page. */
async function follow(t: TestContext, text: string): Promise<{ outcomes: string[]; root: string }> {
  const { root, ...rest } = tree(t);
  const outcomes: Outcome[] = [];
  await followPage(readPage('README.md', text), { root, ...rest }, (outcome) => outcomes.push(outcome));
  const words = ({ command, result, detail }: Outcome): string => `${command.text}: ${result} ${detail}`.trim();
  return { outcomes: outcomes.map(words), root };
}

const consoleBlock = (...lines: string[]): string => ['```console', ...lines, '```', ''].join('\n');

suite('a page is followed', () => {
  test('command by command, and what it shows is compared with what they print', async (t) => {
    const { outcomes } = await follow(
      t,
      consoleBlock('$ cat a.txt', 'one', '$ cat a.txt', 'two', '$ cat gone', '$ false', '$ docker info'),
    );
    assert.deepEqual(outcomes.slice(0, 2), [
      'cat a.txt: passed',
      'cat a.txt: failed README.md shows a line that was not printed: two',
    ]);
    assert.match(outcomes[2]!, /^cat gone: failed it ended with exit code 1: cat: gone: /);
    assert.match(outcomes[3]!, /^false: failed it ended with exit code 1/);
    assert.equal(outcomes[4], 'docker info: not checked needs Docker');
  });

  test('and a failure may be what a page shows', async (t) => {
    const { outcomes } = await follow(t, consoleBlock('$ grep two a.txt || echo none; exit 1', 'none'));
    assert.deepEqual(outcomes, ['grep two a.txt || echo none; exit 1: passed']);
  });

  test('but for what it says is not run', async (t) => {
    const { outcomes } = await follow(t, '```console not-run=needs-a-browser\n$ false\n```\n');
    assert.deepEqual(outcomes, ['false: not checked needs a browser']);
  });

  test('with its edits, which are taken back where their section ends', async (t) => {
    const edit = '```diff title="a.txt"\n-one\n+$& two\n```\n';
    const [before, after] = [consoleBlock('$ cat a.txt', '$& two'), consoleBlock('$ cat a.txt', 'one')];
    const { outcomes, root } = await follow(t, `# Page\n\n## Edit\n\n${edit}\n${before}\n## Next\n\n${after}`);
    assert.deepEqual(outcomes, ['cat a.txt: passed', 'cat a.txt: passed']);
    assert.equal(readFileSync(join(root, 'a.txt'), 'utf8'), 'one\n');
    const last = await follow(t, `# Page\n\n${edit}\n${before}`);
    assert.deepEqual(last.outcomes, ['cat a.txt: passed']);
    assert.equal(readFileSync(join(last.root, 'a.txt'), 'utf8'), 'one\n', 'at the end, too');
  });
});

test("a learner's shell has the tools of the repository, no Docker, and no variables of make around it", async (t) => {
  process.env.MAKEFLAGS = 'FROM=1';
  t.after(() => delete process.env.MAKEFLAGS);
  const { root } = tree(t);
  const script =
    '# a comment\necho "  indented"; for name in RUNTIME MAKEFLAGS DICE_RUN_DIR; do echo "$name=${!name}"; done; echo ${PATH%%:*} >&2; exit 4';
  assert.deepEqual(await runInShell(script, root, root), {
    output: ['  indented', 'RUNTIME=native', 'MAKEFLAGS=', `DICE_RUN_DIR=${root}/.run`, `${root}/node_modules/.bin`],
    code: 4,
  });
});
