import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { showFault } from '../lessons/check/fault.ts';
import { plainTable } from '../runtime/plain-table.ts';
import { repositoryRoot } from '../runtime/places.ts';
import { Problem } from '../runtime/problem.ts';
import { runProgram } from '../runtime/run-program.ts';
import { checkDocuments, readDocuments } from './check/documents.ts';
import type { Page } from './page.ts';
import { followPage, type Outcome } from './run/follow.ts';
import { rewriteOutputs } from './run/rewrite.ts';
import { copyTree } from './run/tree.ts';

const program = new Command('documents').description('Checks what the documents say against the repository.');

program
  .command('check')
  .description('read every page: links, commands, queries, excerpts, names')
  .action(() => {
    const documents = readDocuments(repositoryRoot);
    const faults = checkDocuments(documents);
    if (faults.length > 0) console.log(`${faults.map(showFault).join('\n')}\n`);
    console.log(`${faults.length || 'No'} fault${faults.length === 1 ? '' : 's'} in ${documents.pages.length} pages.`);
    process.exitCode = faults.length > 0 ? 1 : 0;
  });

program
  .command('follow')
  .description('run every command of the pages, and compare its output with what they show')
  .argument('[pages...]', 'for example stage-1/README.md; without one, all pages')
  .option('--write', 'update the output in the pages', false)
  .action(async (names: string[], { write }) => {
    const pages = choosePages(names);
    const outcomes: Outcome[] = [];
    using tree = copyTree(repositoryRoot);
    for (const page of pages) {
      const before = outcomes.length;
      await followPage(page, tree, (outcome) => {
        outcomes.push(outcome);
        console.log(describe(outcome));
      });
      if (write) writeFileSync(join(repositoryRoot, page.file), rewriteOutputs(page.text, outcomes.slice(before)));
    }
    console.log(summary(pages, outcomes));
    process.exitCode = outcomes.some(({ result }) => result === 'failed') && !write ? 1 : 0;
  });

function choosePages(names: string[]): Page[] {
  const { pages } = readDocuments(repositoryRoot);
  const unknown = names.filter((name) => !pages.some(({ file }) => file === name));
  if (unknown.length > 0)
    throw new Problem(`There is no page ${unknown.join(', ')}. Pages: ${pages.map(({ file }) => file).join(', ')}`);
  const chosen = names.length > 0 ? pages.filter(({ file }) => names.includes(file)) : pages;
  return chosen.filter(({ blocks }) => blocks.some(({ language }) => language === 'console'));
}

function describe({ page, command, result, detail }: Outcome): string {
  const [first = ''] = command.text.split('\n');
  return [`${result.padEnd(12)} ${page.file}:${command.line}: ${first}`, ...detail.split('\n').filter(Boolean)].join(
    '\n               ',
  );
}

/** One row a page, and the share that ran. */
function summary(pages: Page[], outcomes: Outcome[]): string {
  const count = (page: Page | undefined, wanted: string): number =>
    outcomes.filter((each) => (!page || each.page === page) && each.result === wanted).length;
  const results = ['passed', 'failed', 'not checked'];
  const rows = [...pages, undefined].map((page) => [
    page?.file ?? 'all',
    ...results.map((result) => count(page, result)),
  ]);
  const ran = outcomes.length - count(undefined, 'not checked');
  const share = outcomes.length === 0 ? 100 : Math.floor((100 * ran) / outcomes.length);
  return `\n${plainTable([['PAGE', 'PASSED', 'FAILED', 'NOT CHECKED'], ...rows])}\n\n${ran} of ${outcomes.length} commands ran (${share} %).`;
}

await runProgram(program);
