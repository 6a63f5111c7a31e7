import type { Fault } from '../../lessons/check/fault.ts';
import { readLined } from '../../lessons/yaml-lines.ts';
import { commandsOf } from '../commands.ts';
import { serviceIn } from '../run/docker-commands.ts';
import type { Page, Placed } from '../page.ts';
import type { Documents } from './documents.ts';

/** Programs that a page may call: what the README asks for, and what every system has. */
const programs = ['cat', 'cd', 'cp', 'curl', 'docker', 'for', 'git', 'grep', 'make', 'npm', 'podman', 'sed', 'sleep'];

/** Commands that cannot work, in blocks and in sentences: a make target, a stage or a service that does not exist. */
export function findBadCommands(documents: Documents): Fault[] {
  const variables = variablesOf(documents);
  return documents.pages.flatMap((page) => {
    const blocks = page.blocks.filter(({ language }) => language === 'console');
    const commands = [...blocks.flatMap(commandsOf), ...page.codes.filter(({ text }) => isCommand(text))];
    return commands.flatMap((command) => badCommand(documents, variables, page, command));
  });
}

/** Whether words in code font are a command: a program of the list, and what follows it. */
export function isCommand(text: string): boolean {
  return new RegExp(`^(\\w+=\\S* )*(${programs.join('|')})( |$)`).test(text);
}

function badCommand(documents: Documents, variables: string, page: Page, { text, line }: Placed): Fault[] {
  // What is quoted belongs to another program.
  const words = text.replaceAll(/'[^']*'/g, '').split(/\s+/);
  const program = words.find((word) => !/^\w+=/.test(word)) ?? '';
  const place = { file: page.file, line };
  if (!programs.includes(program)) {
    const remedy = `Use one of ${programs.join(', ')}, or add it in shared/documents/check/commands.ts.`;
    return [{ ...place, fault: `${program} is not a program that a page may run`, remedy }];
  }
  const wrong =
    program === 'make'
      ? badMake(documents, variables, words)
      : program === 'docker'
        ? badDocker(documents, page, text)
        : undefined;
  return wrong ? [{ ...place, fault: `"${text}": ${wrong}`, remedy: 'Correct the command.' }] : [];
}

function badMake({ files }: Documents, variables: string, words: string[]): string | undefined {
  for (const word of words.slice(words.indexOf('make') + 1)) {
    const [name = ''] = word.split('=');
    const isStage = /^stage-(\d+|N)$/.test(word);
    if (isStage && word !== 'stage-N' && !files.includes(`${word}/compose.yaml`)) return `there is no ${word}`;
    if (!isStage && /^[\w-]+(=|$)/.test(word) && !new RegExp(`\\b${name}\\b`).test(variables)) {
      return `the Makefile does not know ${name}`;
    }
  }
  return undefined;
}

/** Where make's targets and variables are defined. */
function variablesOf({ files, read }: Documents): string {
  const composeFiles = files.filter((file) => /^stage-\d+\/compose\.yaml$/.test(file));
  return ['Makefile', ...composeFiles].map(read).join('\n');
}

function badDocker({ read }: Documents, { stage }: Page, command: string): string | undefined {
  const service = serviceIn(command);
  if (!stage || service === undefined) return undefined;
  const { services } = readLined(read(`${stage}/compose.yaml`)).value;
  return service in services ? undefined : `${stage} has no service ${service}`;
}
