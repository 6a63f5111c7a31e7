import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { git } from '../lessons/git.ts';
import { readPage, type Page } from './page.ts';

/** Every file that is or could be committed, from the repository's root. */
export function repositoryFiles(root: string): string[] {
  return git(root, ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'])
    .split('\0')
    .filter(Boolean);
}

/** Every README and every page of docs/ and shared/. */
export function readPages(root: string, files: string[]): Page[] {
  return files
    .filter((file) => /(^|\/)README\.md$|^CONTRIBUTING\.md$|^docs\/.*\.md$/.test(file) && !file.startsWith('site/'))
    .map((file) => readPage(file, readFileSync(join(root, file), 'utf8')));
}
