import { git } from '../git.ts';
import type { ManifestStep } from '../manifest.ts';
import { Problem } from '../../runtime/problem.ts';

/** The committer of these branches; a branch whose tip has another committer is not ours to move. */
export const author = { name: 'opentelemetry-dice', email: 'stages@opentelemetry-dice.invalid' };

/** A stage as a commit whose root is the stage's folder. */
export interface StageCommit {
  stage: string;
  commit: string;
}

/**
 * What a stage's commit has from the repository's root, unless the stage has its own: builds and packages stay in the work
 * tree when Git switches from main, and lines end as they do there, whatever core.autocrlf says.
 */
const shared = ['.gitignore', '.gitattributes'];

/**
 * Makes one commit per stage, each on the one before. Everything in a commit comes from the content and the history of
 * `head`, so that equal input gives equal ids.
 * @throws Problem in a shallow clone, where Git does not know when a stage was last changed
 */
export function commitStages(root: string, head: string, steps: ManifestStep[]): StageCommit[] {
  if (git(root, ['rev-parse', '--is-shallow-repository']) === 'true') {
    throw new Problem('This clone is shallow, so dates are missing from it: git fetch --unshallow');
  }
  const trees = treesOf(
    root,
    head,
    steps.map(({ stage }) => stage),
  );
  const commits: StageCommit[] = [];
  for (const [index, tree] of trees.entries()) {
    const { stage, title } = steps[index]!;
    const date = lastChange(root, head, stage);
    const commit = commitTree(root, tree, commits.at(-1)?.commit, `${stage}: ${title}`, date);
    commits.push({ stage, commit });
  }
  return commits;
}

/**
 * What each branch has at its root, up to the first stage that does not exist or is still being written: it has no
 * compose.yaml.
 */
function treesOf(root: string, head: string, stages: string[]): string[] {
  const folders = stages.map((stage) => `${stage}/`);
  const lines = git(root, ['ls-tree', '-z', head, '--', ...shared, ...folders])
    .split('\0')
    .filter(Boolean);
  const contents = folders.map((folder) =>
    lines.filter((line) => line.includes(`\t${folder}`)).map((line) => line.replace(`\t${folder}`, '\t')),
  );
  const has = (content: string[], name: string): boolean => content.some((line) => line.endsWith(`\t${name}`));
  const end = contents.findIndex((content) => !has(content, 'compose.yaml'));
  const whole = contents.slice(0, end < 0 ? undefined : end);
  const atRoot = (name: string): string[] => lines.filter((line) => line.endsWith(`\t${name}`));
  const trees = whole.map((content) => [...content, ...shared.filter((name) => !has(content, name)).flatMap(atRoot)]);
  const input = trees.map((tree) => tree.map((line) => `${line}\0`).join('')).join('\0');
  return git(root, ['mktree', '-z', '--batch'], { input }).split('\n').filter(Boolean);
}

/** Seconds since 1970 of the last commit that touched a stage. */
function lastChange(root: string, head: string, stage: string): string {
  return git(root, ['log', '-1', '--format=%ct', head, '--', stage]);
}

function commitTree(root: string, tree: string, parent: string | undefined, message: string, seconds: string): string {
  const date = `@${seconds} +0000`;
  const environment = {
    ...{ GIT_AUTHOR_NAME: author.name, GIT_AUTHOR_EMAIL: author.email, GIT_AUTHOR_DATE: date },
    ...{ GIT_COMMITTER_NAME: author.name, GIT_COMMITTER_EMAIL: author.email, GIT_COMMITTER_DATE: date },
  };
  const parents = parent ? ['-p', parent] : [];
  const args = ['-c', 'i18n.commitEncoding=UTF-8', 'commit-tree', '--no-gpg-sign', tree, ...parents, '-m', message];
  return git(root, args, { environment });
}
