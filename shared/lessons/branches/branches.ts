import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../../runtime/problem.ts';
import { git, resolveRevision } from '../git.ts';
import { manifestPath, parseManifest } from '../manifest.ts';
import { author, commitStages, type StageCommit } from './commits.ts';

interface Move {
  ref: string;
  commit: string;
  /** Where it was; undefined where it is new. */
  was: string | undefined;
  /** Who committed what is there. */
  committer: string | undefined;
}

/**
 * Writes the branches `stage-1`, `stage-2`, … from what HEAD has: each one commit on the one before, with the stage's
 * content at its root and the repository's .gitignore. With `tag`, also the tags `v<version>/stage-N`. The work tree, the index, HEAD and every other
 * branch stay as they are.
 * @returns what each branch and tag is now
 * @throws Problem, before anything is written, outside a Git repository, for a branch that is checked out or is someone's own work, and for a tag
 * that would have to move
 */
export function writeBranches(root: string, { tag }: { tag: boolean }): string {
  refuseOutsideRepository(root);
  const head = resolveRevision(root, 'HEAD^{commit}');
  if (head === undefined) throw new Problem('There is no commit yet to make branches of.');
  const { steps } = parseManifest(git(root, ['show', `${head}:${manifestPath}`]));
  const commits = commitStages(root, head, steps);
  const branches = movesTo(root, 'refs/heads', commits);
  const tags = tag ? movesTo(root, `refs/tags/v${versionAt(root, head)}`, commits) : [];
  refuseCheckedOut(root, branches);
  branches.forEach(refuseOwnWork);
  tags.forEach(refuseMoved);
  apply(root, [...branches, ...tags]);
  return [...[...branches, ...tags].map(describe), '', hint].join('\n');
}

// On main, a folder has the same name, so `git checkout stage-2` and `git diff stage-1 stage-2` are ambiguous.
const hint = [
  'See a stage alone:       git switch stage-2',
  'See what it adds:        git diff stage-1 stage-2 --',
  'See it as of a version:  git switch --detach v0.1.0/stage-2',
].join('\n');

/** A ZIP of the repository has no history, even if it was unpacked inside another repository. */
function refuseOutsideRepository(root: string): void {
  if (existsSync(join(root, '.git'))) return;
  throw new Problem(
    `${root} is not a Git repository (a ZIP has no history). Clone the project to make branches: git clone`,
  );
}

function movesTo(root: string, folder: string, commits: StageCommit[]): Move[] {
  const format = '--format=%(refname) %(objectname) %(committeremail:trim)';
  const refs = git(root, ['for-each-ref', format, folder])
    .split('\n')
    .map((line) => line.split(' '));
  return commits.map(({ stage, commit }) => {
    const ref = `${folder}/${stage}`;
    const [, was, committer] = refs.find(([name]) => name === ref) ?? [];
    return { ref, commit, was, committer };
  });
}

function versionAt(root: string, head: string): string {
  return (JSON.parse(git(root, ['show', `${head}:package.json`])) as { version: string }).version;
}

function refuseCheckedOut(root: string, moves: Move[]): void {
  const worktrees = git(root, ['worktree', 'list', '--porcelain']).split('\n');
  const taken = moves.find(({ ref, was, commit }) => was !== commit && worktrees.includes(`branch ${ref}`));
  if (!taken) return;
  const name = taken.ref.replace('refs/heads/', '');
  throw new Problem(`The branch ${name} is checked out, so moving it would leave its files behind: git switch main`);
}

/** These names are ours by our commits only. */
function refuseOwnWork({ ref, was, committer }: Move): void {
  if (was === undefined || committer === author.email) return;
  const name = ref.replace('refs/heads/', '');
  throw new Problem(
    `The branch ${name} was not made by this command. Rename it to keep it: git branch -m ${name} my-${name}`,
  );
}

/** A tag is a promise: it never moves. */
function refuseMoved({ ref, commit, was }: Move): void {
  if (was === undefined || was === commit) return;
  const name = ref.replace('refs/tags/', '');
  const remedy = 'Raise "version" in package.json, commit, and run it again.';
  throw new Problem(`The tag ${name} exists and has different content, and tags never move. ${remedy}`);
}

/** All or nothing: if someone moved a ref in the meantime, nothing is written. */
function apply(root: string, moves: Move[]): void {
  const lines = moves.map(({ ref, commit, was }) =>
    was ? `update ${ref} ${commit} ${was}` : `create ${ref} ${commit}`,
  );
  git(root, ['update-ref', '--stdin'], { input: ['start', ...lines, 'prepare', 'commit', ''].join('\n') });
}

function describe({ ref, commit, was }: Move): string {
  const how = was === commit ? 'unchanged' : was === undefined ? 'new' : `was ${was.slice(0, 12)}`;
  return `${ref.replace(/^refs\/(heads|tags)\//, '')}  ${commit.slice(0, 12)}  ${how}`;
}
