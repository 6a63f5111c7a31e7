import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkStages } from '../check/check.ts';
import { fillLessons } from '../pages/lessons.ts';
import { faultsOf as faultsWithFiles } from './faults-of.ts';
import { smallFilesWithPage, smallPage } from './small-files.ts';
import { borrowSmallRepository, openSmallRepository, type SmallFolder } from './small-repository.ts';

const faultsOf = (change: (folder: SmallFolder) => void) => faultsWithFiles(change, smallFilesWithPage());
const page = 'docs/lessons/stage-2.md';
const fill = ({ root }: SmallFolder) => fillLessons(root, undefined, { todo: false });

/** Gives stages 2 and 3 a file that is new in stage 2. */
function addFile({ edit, write }: SmallFolder, path: string, text: string): void {
  edit('shared/stages.yaml', 'adds: [dice/src/logger.ts]', `adds: [dice/src/logger.ts, ${path}]`);
  edit('shared/stages.yaml', 'added: 10', 'added: 100');
  for (const stage of [2, 3]) write(`stage-${stage}/${path}`, text);
}

/** The page with blocks as an author writes them: without code. */
const bare = smallPage.replaceAll(/(```diff.*\n)[^`]*```/g, '$1```').replaceAll(' lang="ts"', '');

test('a page that shows every hunk is fine', () => {
  assert.deepEqual(
    faultsOf(() => {}),
    [],
  );
});

test('the blocks, the table and the counts are filled from the folders, once and for all', () => {
  using repository = borrowSmallRepository(smallFilesWithPage());
  repository.write(page, bare);
  assert.match(fill(repository).report, /^docs\/lessons\/stage-2\.md: filled$/m);
  assert.equal(repository.read(page), smallPage);
  assert.match(fill(repository).report, /^docs\/lessons\/stage-2\.md: nothing to fill$/m);
});

test('a block that is not what the stage has is stale', () => {
  const [fault, ...others] = faultsOf(({ edit }) => edit(page, '+export {};', '+export { x };'));
  assert.match(fault!, /^docs\/lessons\/stage-2\.md:20: this is not what stage-2 has\n.*make lessons/);
  assert.deepEqual(others, []);
});

test('a table of telemetry that is not what the contracts say is stale', () => {
  const [fault] = faultsOf(({ edit }) => {
    for (const stage of [2, 3]) edit(`stage-${stage}/telemetry.yaml`, 'type: histogram', 'type: gauge');
    edit(
      'shared/stages.yaml',
      'changes: [README.md, dice/src/app.ts]',
      'changes: [telemetry.yaml, README.md, dice/src/app.ts]',
    );
  });
  assert.match(fault!, /^docs\/lessons\/stage-2\.md:3: this is not what stage-2 has/);
});

test('a hunk that no block shows is named, with where to find its anchors', () => {
  const faults = faultsOf(({ edit }) => edit(page, /```diff.*logger[^`]*```/.exec(smallPage)![0], ''));
  assert.deepEqual(
    faults.map((fault) => fault.split('\n')[0]),
    ['stage-2/dice/src/logger.ts:1: docs/lessons/stage-2.md does not show this hunk'],
  );
  assert.match(faults[0]!, /make stage-2 lessons TODO=1/);
});

test('a new file may be shown in pieces, without its imports; a paragraph that is missing is named', () => {
  const text = "import 'express';\n\nexport function one() {\n  return 1;\n\n  // end\n}\n\nexport const two = 2;\n";
  const pieces = (...quotes: string[]) =>
    quotes
      .map((quote) => `\nA piece of the file.\n\n\`\`\`diff title="dice/src/more.ts" from="${quote}"\n\`\`\`\n`)
      .join('');
  const faultsWith = (...quotes: string[]): string[] => {
    using repository = borrowSmallRepository(smallFilesWithPage());
    addFile(repository, 'dice/src/more.ts', text);
    repository.write(page, smallPage + pieces(...quotes));
    fill(repository);
    return checkStages(repository.root).faults.map(({ file, line, fault }) => `${file}:${line}: ${fault}`);
  };
  assert.deepEqual(faultsWith('function one', 'const two'), []);
  assert.deepEqual(faultsWith('function one'), [
    'stage-2/dice/src/more.ts:9: docs/lessons/stage-2.md does not show all of this hunk: 1 lines are missing',
  ]);
});

test('a piece goes from a line to the end of its paragraph, or of the one that begins with another line', () => {
  using repository = borrowSmallRepository(smallFilesWithPage());
  addFile(repository, 'dice/compose.yaml', 'a:\n  - b: 1\n\n    c: 2\n\nd: 3\n\ne: 4\n');
  const block = (quotes: string): string => {
    repository.write(
      page,
      `${smallPage}\nA piece of the file.\n\n\`\`\`diff title="dice/compose.yaml" ${quotes}\n\`\`\`\n`,
    );
    fill(repository);
    return /```diff lang="yaml".*\n([^`]*)```/.exec(repository.read(page))![1]!;
  };
  assert.equal(block('from="a:"'), '+a:\n+  - b: 1\n+\n+    c: 2\n');
  assert.equal(block('from="a:" to="d: 3"'), '+a:\n+  - b: 1\n+\n+    c: 2\n+\n+d: 3\n');
});

test('a long stretch without a change is folded to its first line', () => {
  using repository = borrowSmallRepository(smallFilesWithPage());
  const list = (first: string, last: string): string =>
    `${first}\n${'  two\n  three\n  four\n  five\n  six\n'}${last}\n`;
  repository.edit('shared/stages.yaml', 'compose.yaml, observability', 'compose.yaml, list.txt, observability');
  repository.edit('shared/stages.yaml', 'changes: [README.md', 'changes: [list.txt, README.md');
  repository.write('stage-1/list.txt', list('one', 'seven'));
  for (const stage of [2, 3]) repository.write(`stage-${stage}/list.txt`, list('1', '7'));
  repository.write(page, `${smallPage}\nTwo lines change.\n\n\`\`\`diff title="list.txt" anchor="7"\n\`\`\`\n`);
  fill(repository);
  assert.match(repository.read(page), /\n-one\n\+1\n   two\n   …\n-seven\n\+7\n```/);
});

for (const [what, from, to, expected] of [
  ['is gone', 'anchor="// metrics, logs"', 'anchor="traces"', /:11: no line of the difference has "traces"\n/],
  ['is ambiguous', 'anchor="// metrics, logs"', 'anchor="// metrics"', undefined],
  [
    'is of no changed file',
    'title="dice/src/app.ts"',
    'title="dice/src/config.ts"',
    /config\.ts has no difference in stage-2/,
  ],
  ['is missing', ' anchor="export"', '', /:20: it quotes no line\n/],
  [
    'has an unknown name',
    'anchor="export"',
    'anker="export"',
    /:20: "anker" is not an option of a block\n.*Write ```diff title=/,
  ],
] as const) {
  test(`a block whose quotation ${what} is ${expected ? 'a fault' : 'resolved by the line that equals it'}`, () => {
    const faults = faultsOf(({ edit }) => edit(page, from, to));
    if (expected) assert.match(faults.join('\n'), expected);
    else assert.doesNotMatch(faults.join('\n'), /lines of the difference have/);
  });
}

test('a quotation that two changed lines have is ambiguous', () => {
  const faults = faultsOf(({ edit }) => edit(page, 'anchor="// metrics, logs"', 'anchor="metrics"'));
  assert.match(faults.join('\n'), /:11: 2 lines of the difference have "metrics"\n.*Quote more of the line/);
});

test('a block without its own sentence is named, for a paragraph explains one block', () => {
  const [fault, ...others] = faultsOf(({ edit }) => edit(page, '\nThe logger is a file of its own.\n', ''));
  assert.match(fault!, /^docs\/lessons\/stage-2\.md:20: nothing explains this code\n/);
  assert.deepEqual(others, []);
  assert.match(
    faultsOf(({ edit }) => edit(page, 'The first line says what the stage has.', 'Look:')).join('\n'),
    /:11: nothing explains/,
  );
});

test('the page begins with what the step does to telemetry', () => {
  const table = /<!-- telemetry[^]*\/telemetry -->\n/.exec(smallPage)![0];
  for (const text of [smallPage.replace(table, ''), `${smallPage.replace(table, '')}\n${table}`]) {
    assert.match(
      faultsOf(({ write }) => write(page, text)).join('\n'),
      /does not begin with what the step does to telemetry/,
    );
  }
});

test('what is shown as counts needs its paragraph, and the counts are those of the step', () => {
  using repository = borrowSmallRepository(smallFilesWithPage());
  addFile(repository, 'dice/test/more.test.ts', 'one\ntwo\n');
  assert.match(checkStages(repository.root).report, /the page does not say how the tests of this step change/);
  repository.write(page, `${smallPage}\nThe tests (<!-- tests --><!-- /tests -->) ask more.\n`);
  assert.deepEqual(fill(repository).failed, false);
  assert.match(repository.read(page), /\(<!-- tests -->1 file, 2 lines added, 0 removed<!-- \/tests -->\)/);
  repository.edit(page, '2 lines added', '3 lines added');
  assert.match(checkStages(repository.root).faults[0]!.fault, /this is not what stage-2 has/);
});

test('a marker that no step fills, or that Markdown would not see, is a fault', () => {
  const faultsWith = (text: string): string =>
    faultsOf(({ write }) => write(page, `${smallPage}\n${text}\n`)).join('\n');
  assert.match(faultsWith('No <!-- tests --><!-- /tests -->.'), /this step changes no tests\n/);
  assert.match(
    faultsWith('No <!-- test --><!-- /test -->.'),
    /"test" is not a marker\n.*telemetry, same, tests, contract/,
  );
  assert.match(faultsWith('<!-- tests --><!-- /tests --> grow.'), /<!-- tests --> begins a line\n/);
});

test('one block shows what several files change alike, and not what they change otherwise', () => {
  using repository = borrowSmallRepository(smallFilesWithPage());
  addFile(repository, 'dice/src/twin.ts', 'export {};\n');
  repository.edit(page, 'anchor="export"', 'anchor="export" also="dice/src/twin.ts"');
  assert.deepEqual(checkStages(repository.root).faults, []);
  for (const stage of [2, 3]) repository.write(`stage-${stage}/dice/src/twin.ts`, 'export default {};\n');
  assert.match(
    checkStages(repository.root).report,
    /twin\.ts does not change in the same way as dice\/src\/logger\.ts/,
  );
});

test('a new file that equals another need not be shown again', () => {
  using repository = borrowSmallRepository(smallFilesWithPage());
  addFile(repository, 'dice/src/config-copy.ts', repository.read('stage-2/dice/src/config.ts'));
  const same = (text: string): string => {
    repository.write(page, `${smallPage}\nThe copy is known.\n\n<!-- same\n${text}\n-->\n<!-- /same -->\n`);
    fill(repository);
    return checkStages(repository.root)
      .faults.map(({ fault }) => fault)
      .join('\n');
  };
  assert.equal(same('dice/src/config-copy.ts = dice/src/config.ts'), '');
  assert.match(
    repository.read(page),
    /\n- `dice\/src\/config-copy\.ts` equals `dice\/src\/config\.ts`, byte for byte\n/,
  );
  assert.match(same('dice/src/config-copy.ts = dice/src/app.ts'), /config-copy\.ts does not equal dice\/src\/app\.ts/);
  assert.match(same('dice/src/config.ts = dice/src/config-copy.ts'), /config\.ts is not new in stage-2/);
});

test('a page that Git does not track is named', () => {
  using repository = openSmallRepository(smallFilesWithPage());
  repository.git('rm', '--cached', '--quiet', page);
  assert.match(
    checkStages(repository.root).report,
    /^docs\/lessons\/stage-2\.md:1: Git does not track this page\n.*git add/,
  );
});

test('a page that is listed and missing is a fault; one that is not listed is said to be not checked', () => {
  using repository = borrowSmallRepository(smallFilesWithPage());
  repository.remove(page);
  assert.match(checkStages(repository.root).report, /^docs\/lessons\/stage-2\.md:1: stage-2 has no lesson page\n/);
  repository.edit('shared/stages.yaml', 'pages: [stage-2]', 'pages: []');
  const { faults, report } = checkStages(repository.root);
  assert.deepEqual(faults, []);
  assert.match(report, /^Not checked: there is no docs\/lessons\/stage-2\.md yet\.$/m);
});

test('a page that is not listed need not show every hunk, until it does', () => {
  using repository = borrowSmallRepository(smallFilesWithPage());
  repository.edit('shared/stages.yaml', 'pages: [stage-2]', 'pages: []');
  assert.match(
    checkStages(repository.root).report,
    /shows every hunk, but no check keeps it complete\n.*Add stage-2 to "pages"/,
  );
  repository.edit(page, /```diff.*logger[^`]*```/.exec(smallPage)![0], '');
  const { faults, report } = checkStages(repository.root);
  assert.deepEqual(faults, []);
  assert.match(report, /^Not checked: docs\/lessons\/stage-2\.md may not show every hunk yet/m);
});

test('what each stage has for itself is not part of the difference', () => {
  const faults = faultsOf(({ edit }) => edit('shared/stages.yaml', "own: ['images/**']", 'own: [dice/src/app.ts]'));
  assert.match(faults.join('\n'), /dice\/src\/app\.ts has no difference in stage-2/);
  assert.doesNotMatch(faults.join('\n'), /logger/);
});

test('a page for a stage that does not exist is a fault of the manifest', () => {
  const [fault] = faultsOf(({ edit }) => edit('shared/stages.yaml', 'pages: [stage-2]', 'pages: [stage-2, stage-9]'));
  assert.match(fault!, /^shared\/stages\.yaml:29: there is no stage-9\n/);
});

test('what is left to do is listed with fences to paste, which show the rest', () => {
  using repository = borrowSmallRepository(smallFilesWithPage());
  repository.remove(page);
  const { report } = fillLessons(repository.root, 'stage-2', { todo: true });
  assert.match(report, /^stage-2: 0 of 2 hunks shown in docs\/lessons\/stage-2\.md, 3 changed lines remain\n/);
  const fences = report.split('\n').filter((line) => line.includes('```diff'));
  const blocks = fences.map((fence) => `Why it changes.\n\n${fence.trim()}\n\`\`\`\n`);
  repository.write(page, ['<!-- telemetry --><!-- /telemetry -->\n', ...blocks].join('\n'));
  assert.equal(fill(repository).failed, false);
  assert.deepEqual(checkStages(repository.root).faults, []);
  assert.throws(
    () => fillLessons(repository.root, 'stage-9', { todo: true }),
    /There is no stage-9\. Stages: stage-1, /,
  );
});
