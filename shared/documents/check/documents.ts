import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isUtf8 } from 'node:buffer';
import type { Fault } from '../../lessons/check/fault.ts';
import { readPages, repositoryFiles } from '../pages.ts';
import type { Page } from '../page.ts';
import { findBadCommands } from './commands.ts';
import { findBadExcerpts } from './excerpts.ts';
import { findBadLinks } from './links.ts';
import { findUnknownNames } from './names.ts';
import { findBadQueries } from './queries.ts';

/** What the rules for documents look at. */
export interface Documents {
  root: string;
  files: string[];
  pages: Page[];
  /** The text of a file; empty for a picture. */
  read: (file: string) => string;
  /** The repository's address, as package.json has it. */
  address: string;
}

const rules = [findBadLinks, findBadCommands, findBadQueries, findBadExcerpts, findUnknownNames];

/** Reads all pages of the repository, committed or not. */
export function readDocuments(root: string): Documents {
  const files = repositoryFiles(root);
  const { repository } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const texts = new Map<string, string>();
  const read = (file: string): string => {
    const text = texts.get(file) ?? textOf(join(root, file));
    texts.set(file, text);
    return text;
  };
  return {
    root,
    files,
    pages: readPages(root, files),
    read,
    address: repository.replace('github:', 'https://github.com/'),
  };
}

function textOf(file: string): string {
  const content = readFileSync(file);
  return isUtf8(content) ? content.toString() : '';
}

/** What is wrong in the pages, by reading alone. */
export function checkDocuments(documents: Documents): Fault[] {
  return rules.flatMap((rule) => rule(documents));
}
