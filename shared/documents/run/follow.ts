import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { commandsOf, editOf, isEdit, type Command } from '../commands.ts';
import type { Block, Page } from '../page.ts';
import { firstMissing } from './compare.ts';
import { nativeForm } from './docker-commands.ts';
import { runInShell, type Ran } from './shell.ts';
import type { Tree } from './tree.ts';

/** The outcome of one command of a page. */
export interface Outcome {
  page: Page;
  command: Command;
  result: 'passed' | 'failed' | 'not checked';
  /** Why it failed or was not checked; what ran in its place. */
  detail: string;
  /** What it printed. */
  printed: string[];
}

/** Milliseconds for telemetry to arrive, before the output of a command that only looks counts. */
const patience = 20_000;
const onlyLooks =
  /^(curl -s|make \S+ (watch|logs|status|usage)|docker compose (logs|ps)\b|docker compose --profile usage)/;

/**
 * Follows a page in a copy of the repository: runs every command, makes every edit, and takes it back where its section
 * ends. A stage's page starts with that stage running; whatever is running at the end is stopped.
 */
export async function followPage(page: Page, tree: Tree, report: (outcome: Outcome) => void): Promise<void> {
  const edits = new Map<string, string>();
  let section = '';
  const blocks = page.blocks.filter((block) => block.language === 'console' || isEdit(block));
  const shell = (command: string): Promise<Ran> => runInShell(command, directoryOf(page, command, tree), tree.root);
  if (page.stage && blocks.length > 0) await shell(`make ${page.stage} up`);
  for (const block of blocks) {
    if (edits.size > 0 && block.section.join() !== section) {
      takeBack(edits);
      await shell(`make ${page.stage} up`);
    }
    section = block.section.join();
    if (isEdit(block)) edit(page, block, tree, edits);
    else for (const command of commandsOf(block)) report(await follow(page, block, command, shell));
  }
  takeBack(edits);
  await shell('for stage in stage-*; do make $stage down >/dev/null 2>&1; done; true');
}

async function follow(
  page: Page,
  block: Block,
  command: Command,
  shell: (command: string) => Promise<Ran>,
): Promise<Outcome> {
  const outcome = { page, command, printed: [] as string[] };
  const reason = block.options['not-run'];
  if (reason) return { ...outcome, result: 'not checked', detail: reason.replaceAll('-', ' ') };
  const isDocker = /\bdocker\b/.test(command.text);
  const text = isDocker ? nativeForm(command.text, page.stage ?? '') : command.text;
  if (!text) return { ...outcome, result: 'not checked', detail: 'needs Docker' };
  const detail = isDocker ? `without Docker: ${text}` : '';
  const deadline = Date.now() + patience;
  for (;;) {
    const { output, code } = await shell(text);
    const wrong = whatIsWrong(page, command, output, code, isDocker);
    if (!wrong) return { ...outcome, result: 'passed', detail, printed: output };
    if (!onlyLooks.test(command.text) || Date.now() > deadline) {
      return { ...outcome, result: 'failed', detail: `${wrong}\n${detail}`.trim(), printed: output };
    }
    await sleep(1000);
  }
}

function whatIsWrong(
  page: Page,
  { text, output }: Command,
  printed: string[],
  code: number | undefined,
  isDocker: boolean,
): string | undefined {
  if (code === undefined) return 'it did not finish in time';
  // A page that shows a failure says so in its output; grep that finds nothing ends with 1.
  if (code !== 0 && (output.length === 0 || isDocker))
    return `it ended with exit code ${code}: ${printed.slice(-3).join(' / ')}`;
  // Without Docker, up and down print their own words.
  if (output.length === 0 || (isDocker && !/\b(run|logs)\b/.test(text))) return undefined;
  const missing = firstMissing(output, printed);
  return missing === undefined ? undefined : `${page.file} shows a line that was not printed: ${missing}`;
}

function directoryOf(page: Page, command: string, tree: Tree): string {
  return page.stage && !/\bmake /.test(command) ? join(tree.root, page.stage) : tree.root;
}

function edit(page: Page, block: Block, tree: Tree, edits: Map<string, string>): void {
  const { file, from, to } = editOf(block);
  const path = join(tree.root, page.stage ?? '', file);
  const text = readFileSync(path, 'utf8');
  if (!edits.has(path)) edits.set(path, text);
  writeFileSync(
    path,
    text.replace(from, () => to),
  );
}

function takeBack(edits: Map<string, string>): void {
  for (const [path, text] of edits) writeFileSync(path, text);
  edits.clear();
}
