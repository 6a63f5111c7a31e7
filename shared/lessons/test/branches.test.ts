import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { repositoryRoot } from '../../runtime/places.ts';
import { writeBranches } from '../branches/branches.ts';
import { openSmallRepository, type SmallRepository } from './small-repository.ts';

const stages = ['stage-1', 'stage-2', 'stage-3'];

function write({ root }: SmallRepository, { tag = false } = {}): string {
  return writeBranches(root, { tag });
}

/** All that must not be touched: HEAD, the index, the work tree, and the refs that are not ours. */
function surroundings({ git }: SmallRepository): string {
  const refs = git('for-each-ref', '--format=%(refname) %(objectname)').split('\n');
  const others = refs.filter((line) => !/stage-\d/.test(line)).join('\n');
  return [git('symbolic-ref', 'HEAD'), others, git('ls-files', '--stage'), git('status', '--porcelain')].join(
    '\n---\n',
  );
}

const idsOf = ({ git }: SmallRepository): string[] => stages.map((stage) => git('rev-parse', `refs/heads/${stage}`));

test("each branch has its stage's content at its root, one commit on the stage before", () => {
  using repository = openSmallRepository();
  const { git } = repository;
  write(repository);
  for (const stage of stages)
    assert.equal(
      git('diff', '--name-status', `HEAD:${stage}`, `refs/heads/${stage}`),
      'A\t.gitattributes\nA\t.gitignore',
    );
  assert.equal(git('log', '--format=%s', 'refs/heads/stage-3'), 'stage-3: Traces\nstage-2: Logs\nstage-1: Metrics');
  assert.match(git('diff', '--name-only', 'stage-2', 'stage-3', '--'), /^README\.md\ndice\/src\/app\.ts$/);
});

test('equal input gives equal ids, whoever runs it and whenever', () => {
  using one = openSmallRepository();
  write(one);
  const first = idsOf(one);
  one.git('config', 'user.name', 'someone else');
  one.git('config', 'commit.gpgsign', 'true');
  one.git('config', 'i18n.commitEncoding', 'ISO-8859-1');
  for (const stage of stages) one.git('branch', '--quiet', '-D', stage);
  write(one);
  assert.deepEqual(idsOf(one), first);
});

test('what has nothing to do with the stages changes no id; a change of a stage changes its own and the later ones', () => {
  using repository = openSmallRepository();
  write(repository);
  const [one, two, three] = idsOf(repository);
  repository.write('docs/page.md', 'text');
  repository.commit('docs');
  assert.match(write(repository), /stage-1 +\w+ +unchanged\nstage-2 +\w+ +unchanged/);
  repository.write('stage-2/README.md', '# Two\n');
  repository.commit('stage 2');
  write(repository);
  const after = idsOf(repository);
  assert.equal(after[0], one);
  assert.notEqual(after[1], two);
  assert.notEqual(after[2], three);
});

test('a branch ignores what main ignores, unless the stage has its own .gitignore', () => {
  using repository = openSmallRepository();
  repository.write('stage-2/.gitignore', 'own/\n');
  repository.commit('own');
  write(repository);
  assert.equal(repository.git('show', 'refs/heads/stage-1:.gitignore'), repository.git('show', 'HEAD:.gitignore'));
  assert.equal(repository.git('show', 'refs/heads/stage-2:.gitignore'), 'own/');
  assert.equal(repository.git('ls-tree', '--name-only', 'refs/heads/stage-2', '--', '.gitignore'), '.gitignore');
});

test('lines end in LF on main and on each branch, whatever core.autocrlf says', () => {
  using repository = openSmallRepository();
  repository.write('.gitattributes', readFileSync(join(repositoryRoot, '.gitattributes'), 'utf8'));
  repository.commit('as in this repository');
  write(repository);
  repository.git('config', 'core.autocrlf', 'true');
  for (const branch of ['stage-2', 'main']) {
    repository.git('switch', '--quiet', branch);
    const ends = repository.git('ls-files', '--eol');
    assert.match(ends, /w\/lf/);
    assert.doesNotMatch(ends, /w\/crlf/, branch);
  }
});

test('after main was used, a branch is clean, and `git switch` goes there', () => {
  using repository = openSmallRepository();
  const report = write(repository);
  repository.write('node_modules/package/index.js', '');
  repository.write('stage-2/dice/node_modules/package/index.js', '');
  const [, command = ''] = /(git switch stage-2)/.exec(report) ?? [];
  repository.git(...command.split(' ').slice(1), '--quiet');
  assert.equal(repository.git('status', '--porcelain'), '');
});

test('a folder without .git is refused, even inside another repository', () => {
  using repository = openSmallRepository();
  repository.write('unzipped/package.json', '{}');
  assert.throws(
    () => writeBranches(join(repository.root, 'unzipped'), { tag: false }),
    /unzipped is not a Git repository \(a ZIP has no history\)\. Clone the project/,
  );
});

test("a repository that Git refuses, such as another user's, is refused with Git's reason", (t) => {
  using repository = openSmallRepository();
  process.env.GIT_TEST_ASSUME_DIFFERENT_OWNER = '1';
  t.after(() => delete process.env.GIT_TEST_ASSUME_DIFFERENT_OWNER);
  assert.throws(() => write(repository), /dubious ownership[^]*safe\.directory/);
});

test('the work tree, the index, HEAD and other branches stay as they are, and a dirty work tree does not count', () => {
  using repository = openSmallRepository();
  repository.git('branch', 'feature');
  repository.edit('stage-1/README.md', 'Roll dice.', 'Roll none.');
  repository.write('stage-1/staged.txt', 'x');
  repository.git('add', 'stage-1/staged.txt');
  const before = surroundings(repository);
  write(repository, { tag: true });
  assert.equal(surroundings(repository), before);
  assert.doesNotMatch(repository.git('show', 'refs/heads/stage-1:README.md'), /none/);
});

test('the stages that do not exist yet have no branch', () => {
  using repository = openSmallRepository();
  repository.git('rm', '-rq', 'stage-3');
  repository.commit('without stage 3');
  assert.doesNotMatch(write(repository), /stage-3/);
});

test('a stage without a compose.yaml is still being written, and has no branch', () => {
  using repository = openSmallRepository();
  repository.remove('stage-3/compose.yaml');
  repository.commit('stage 3 is not whole');
  assert.doesNotMatch(write(repository), /stage-3/);
});

test('tags are written when asked for, and once', () => {
  using repository = openSmallRepository();
  write(repository);
  assert.equal(repository.git('tag'), '');
  write(repository, { tag: true });
  assert.equal(repository.git('rev-parse', 'v1.0.0/stage-2'), repository.git('rev-parse', 'refs/heads/stage-2'));
  assert.match(write(repository, { tag: true }), /v1\.0\.0\/stage-2 +\w+ +unchanged/);
});

test('a tag that would have to move stops it before anything is written; a new version has its own tags', () => {
  using repository = openSmallRepository();
  write(repository, { tag: true });
  const before = repository.git('for-each-ref');
  repository.write('stage-3/README.md', '# Three\n');
  repository.commit('stage 3');
  const message = /The tag v1\.0\.0\/stage-3 exists and has different content.*Raise "version" in package\.json/;
  assert.throws(() => write(repository, { tag: true }), message);
  assert.equal(
    repository.git('for-each-ref').replace(/.*refs\/heads\/main/, ''),
    before.replace(/.*refs\/heads\/main/, ''),
  );
  repository.edit('package.json', '1.0.0', '1.1.0');
  repository.commit('version 1.1.0');
  write(repository, { tag: true });
  assert.equal(repository.git('rev-parse', 'v1.1.0/stage-3'), repository.git('rev-parse', 'refs/heads/stage-3'));
  assert.notEqual(repository.git('rev-parse', 'v1.0.0/stage-3'), repository.git('rev-parse', 'v1.1.0/stage-3'));
});

test('a branch that is checked out is not moved', () => {
  using repository = openSmallRepository();
  write(repository);
  repository.write('stage-2/README.md', '# Two\n');
  repository.commit('stage 2');
  repository.git('worktree', 'add', '-q', 'elsewhere', 'stage-2');
  assert.throws(() => write(repository), /The branch stage-2 is checked out.*git switch main/);
});

test("a branch of that name that is someone's own work is not overwritten", () => {
  using repository = openSmallRepository();
  repository.git('branch', 'stage-2');
  assert.throws(
    () => write(repository),
    /The branch stage-2 was not made by this command.*git branch -m stage-2 my-stage-2/,
  );
  assert.equal(repository.git('for-each-ref', 'refs/heads/stage-1'), '');
});

test('a shallow clone is refused, because its dates would give other ids', () => {
  using repository = openSmallRepository();
  repository.write('docs/page.md', 'text');
  repository.commit('docs');
  using clone = openSmallRepository({ 'x.txt': '' });
  clone.git('fetch', '--quiet', '--depth=1', `file://${repository.root}`, 'main');
  clone.git('reset', '--quiet', '--hard', 'FETCH_HEAD');
  assert.throws(() => write(clone), /This clone is shallow.*git fetch --unshallow/);
});
