import type { Fault } from '../../lessons/check/fault.ts';
import { editOf, isEdit } from '../commands.ts';
import type { Block, Page } from '../page.ts';
import type { Documents } from './documents.ts';

/** Excerpts that their file does not contain, and edits that cannot be made. Indentation may differ. */
export function findBadExcerpts(documents: Documents): Fault[] {
  return documents.pages
    .filter(({ file }) => !file.startsWith('docs/lessons/'))
    .flatMap((page) => page.blocks.flatMap((block) => badExcerpt(documents, page, block)));
}

function badExcerpt({ files, read }: Documents, page: Page, block: Block): Fault[] {
  const { title } = block.options;
  if (!title || title === 'example') return [];
  const path = page.stage ? `${page.stage}/${title}` : title;
  const place = { file: page.file, line: block.line };
  if (!files.includes(path))
    return [{ ...place, fault: `it shows ${path}, which does not exist`, remedy: 'Correct the title.' }];
  const shown = isEdit(block) ? editOf(block).from : block.text;
  if (contains(read(path), shown)) return [];
  return [
    {
      ...place,
      fault: `it shows lines that ${path} does not have`,
      remedy: 'Copy the lines from the file; "…" alone leaves some out.',
    },
  ];
}

/** Whether a text has the lines one after another; a line "…" leaves out any number of lines. */
export function contains(text: string, lines: string): boolean {
  const [within, wanted] = [text, lines].map((each) => each.split('\n').map((line) => line.trim()));
  let from = 0;
  for (const part of splitAt(wanted!, '…')) {
    const at = within!.findIndex(
      (_, index) => index >= from && part.every((line, offset) => within![index + offset] === line),
    );
    if (at < 0) return false;
    from = at + part.length;
  }
  return true;
}

function splitAt(lines: string[], mark: string): string[][] {
  const parts: string[][] = [[]];
  for (const line of lines) {
    if (line === mark || line === `// ${mark}` || line === `# ${mark}`) parts.push([]);
    else parts.at(-1)!.push(line);
  }
  return parts.filter((part) => part.length > 0);
}
