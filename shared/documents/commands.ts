import type { Block } from './page.ts';

/** A command of a `console` block, and the output that the page shows for it. */
export interface Command {
  text: string;
  /** The page's line, from 1. */
  line: number;
  output: string[];
}

/**
 * The commands of a `console` block: lines that begin with `$ `, and what follows each. A `\` at the end continues a
 * command on the next line.
 */
export function commandsOf(block: Block): Command[] {
  const commands: Command[] = [];
  let open = false;
  block.text.split('\n').forEach((line, index) => {
    const last = commands.at(-1);
    if (line.startsWith('$ ')) commands.push({ text: line.slice(2), line: block.line + 1 + index, output: [] });
    else if (open && last) last.text += `\n${line}`;
    else last?.output.push(line);
    open = line.endsWith('\\');
  });
  return commands;
}

/** A code edit: a `diff` block with the file that it changes as its title. */
export interface Edit {
  /** Inside the stage's folder. */
  file: string;
  from: string;
  to: string;
}

/** The edit that a `diff` block shows. */
export function editOf(block: Block): Edit {
  const lines = block.text.split('\n');
  const side = (other: string): string =>
    lines
      .filter((line) => !line.startsWith(other))
      .map((line) => line.slice(1))
      .join('\n');
  return { file: block.options.title ?? '', from: side('+'), to: side('-') };
}

/**
 * Whether a block is an edit for the learner to make. The differences on lesson pages have an anchor, and are not
 * edits.
 */
export function isEdit({ language, options }: Block): boolean {
  return language === 'diff' && options.title !== undefined && options.anchor === undefined;
}
