import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Fault } from '../../lessons/check/fault.ts';
import { metricsIn } from '../../lessons/check/parse-query.ts';
import type { Page, Placed } from '../page.ts';
import type { Documents } from './documents.ts';
import { isCommand } from './commands.ts';
import { pageQueries } from './queries.ts';

const schema = z.record(z.string(), z.array(z.string()));

/** Names that pages may use although no stage has them, by the reason. */
const known = new Set(
  Object.values(schema.parse(parse(readFileSync(join(import.meta.dirname, 'known.yaml'), 'utf8')))).flat(),
);

/**
 * Names on a page that its stage does not have: words in code font, panels and messages in quotes, metrics in queries.
 * A page about the whole repository may name what any stage has.
 */
export function findUnknownNames(documents: Documents): Fault[] {
  const corpora = new Map<Page['stage'], string>();
  return documents.pages
    .filter(({ file }) => !file.startsWith('docs/lessons/') && file !== 'docs/dictionary.md')
    .flatMap((page) => {
      const corpus = corpora.get(page.stage) ?? corpusOf(documents, page);
      corpora.set(page.stage, corpus);
      const isUnknown = ({ text }: Placed): boolean => !known.has(text) && !isCommand(text) && !isThere(corpus, text);
      const metrics = pageQueries(page)
        .filter(({ language }) => language === 'prometheus')
        .flatMap(({ text, line }) => metricsIn(text).map((name) => ({ text: name, line })));
      return [
        ...[...page.codes, ...metrics].filter(isUnknown).map((name) => unknown(page, name, 'in code font')),
        ...page.quotes
          .filter(isTitle)
          .filter(isUnknown)
          .map((name) => unknown(page, name, 'in quotes')),
      ];
    });
}

/** What a page may name: the files of its stage with their paths, and the Makefile. */
function corpusOf({ files, read }: Documents, { stage }: Page): string {
  const own = files.filter((file) => {
    const inStage = stage ? file.startsWith(`${stage}/`) : true;
    return (inStage || file === 'Makefile') && !/\.(md|png|svg)$|package-lock\.json$|^\.git/.test(file);
  });
  return [...own, ...own.map(read)].join('\n');
}

/** A command, a query or a path with "…" is there if each of its words is. */
function isThere(corpus: string, text: string): boolean {
  if (corpus.includes(text)) return true;
  const words = text.split(/[\s…,(){}[\]"'`=:;|<>&?*\\]+|\.\.\./).filter((word) => /\w{2}/.test(word));
  return words.length > 0 && words.every((word) => known.has(word) || /^-?\d/.test(word) || corpus.includes(word));
}

/** Panels, messages and buttons begin with a capital letter and are not sentences. */
function isTitle({ text }: Placed): boolean {
  return /^\p{Lu}/u.test(text) && !/[.?!,]$/.test(text);
}

function unknown(page: Page, { text, line }: Placed, how: string): Fault {
  const where = page.stage ?? 'the repository';
  const remedy =
    'Correct the name; if it is not one of ours, list it in shared/documents/check/known.yaml under its reason.';
  return { file: page.file, line, fault: `it names ${text} ${how}, but ${where} has nothing with that name`, remedy };
}
