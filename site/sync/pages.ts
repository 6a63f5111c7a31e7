import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { base } from './published.ts';

export const root = join(import.meta.dirname, '../..');
export const repository = 'https://github.com/opentelemetry-dice/opentelemetry-dice';

/** A page of the site and the file that it is made of. */
export interface Page {
  /** From the repository's root. */
  file: string;
  /** Its address without slashes at the ends; the front page's is empty. Addresses never change. */
  address: string;
}

/** All files that are pages. */
export function listPages(): Page[] {
  const files = ['README.md', ...globSync(['stage-*/README.md', 'docs/**/*.md'], { cwd: root }).sort()];
  return files
    .filter((file) => !file.endsWith('docs/dictionary.md'))
    .map((file) => ({ file, address: addressOf(file) }));
}

function addressOf(file: string): string {
  const [, lesson] = /^docs\/lessons\/(stage-\d+)\.md$/.exec(file) ?? [];
  if (lesson) return `${lesson}/difference`;
  if (file === 'README.md') return '';
  return file.replace(/^docs\//, '').replace(/(\/README)?\.md$/, '');
}

export function readText(file: string): string {
  return readFileSync(join(root, file), 'utf8').replaceAll('\r\n', '\n');
}

/**
 * Where a link of a page leads: to another page of the site, or to the file on GitHub. Addresses of other sites and
 * anchors stay.
 * @throws for a link to a file that does not exist
 */
export function resolveLink(pages: Page[], from: string, target: string): string {
  const local = target.startsWith(`${repository}/blob/main/`) ? `/${target.slice(repository.length + 11)}` : target;
  if (/^[a-z]+:|^#/i.test(local)) return target;
  const [path = '', anchor] = local.split('#');
  const file = path.startsWith('/') ? path.slice(1) : posix.join(posix.dirname(from), decodeURI(path));
  const hash = anchor === undefined ? '' : `#${anchor}`;
  const page = pages.find((each) =>
    [each.file, each.file.replace(/\/?README\.md$/, '')].includes(file.replace(/\/$/, '')),
  );
  if (page) return `${base}${page.address}${page.address ? '/' : ''}${hash}`;
  // A page that is still to be written.
  if (!existsSync(join(root, file)) && !/^docs\//.test(file)) throw new Error(`${from}: there is no ${file}`);
  return `${repository}/blob/main/${file}${hash}`;
}
