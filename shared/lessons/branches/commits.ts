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

/** What a stage's commit has in addition to the stage's own files, unless the stage has its own. */
const ignored = '.gitignore';

/**
 * Makes one commit per stage, each on the one before, with the .gitignore of the repository's root: builds and packages
 * stay in the work tree when Git switches from main. Everything in a commit comes from the content and the history of
 * `head`, so that equal input gives equal ids.
 * @throws Problem in a shallow clone, where Git does not know when a stage was last changed
 */
export function commitStages(root: string, head: string, steps: ManifestStep[]): StageCommit[] {
  if (git(root, ['rev-parse', '--is-shallow-repository']) === 'true') {
    throw new Problem('This clone is shallow, so dates are missing from it: git fetch --unshallow');
  }
  const entries = entriesOf(root, head, steps);
  const commits: StageCommit[] = [];
  for (const { stage, title } of steps) {
    const [whole, tree] = [`${stage}/compose.yaml`, stage].map((path) => entries.get(path));
    // Without a compose.yaml a stage is still being written.
    if (whole === undefined || tree === undefined) break;
    const content = withGitignore(root, tree.id, entries.get(ignored)?.line);
    const date = lastChange(root, head, stage);
    const commit = commitTree(root, content, commits.at(-1)?.commit, `${stage}: ${title}`, date);
    commits.push({ stage, commit });
  }
  return commits;
}

/** What `head` has of the stages and of what goes into them, by path: Git's id, and the line that it lists. */
function entriesOf(root: string, head: string, steps: ManifestStep[]): Map<string, { id: string; line: string }> {
  const paths = [ignored, ...steps.map(({ stage }) => `${stage}/compose.yaml`)];
  const lines = git(root, ['ls-tree', '-t', head, '--', ...paths]).split('\n');
  return new Map(lines.filter(Boolean).map((line) => [line.split('\t')[1]!, { id: line.split(/\s/)[2]!, line }]));
}

function withGitignore(root: string, tree: string, entry: string | undefined): string {
  const entries = git(root, ['ls-tree', tree]);
  if (entry === undefined || entries.split('\n').some((line) => line.endsWith(`\t${ignored}`))) return tree;
  return git(root, ['mktree'], { input: `${entries}\n${entry}\n` });
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
