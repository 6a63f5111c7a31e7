import { dirname, normalize } from 'node:path';
import type { Fault } from '../../lessons/check/fault.ts';
import type { Page, Placed } from '../page.ts';
import type { Documents } from './documents.ts';

/** Links and pictures whose file or heading does not exist. Other people's addresses are not checked. */
export function findBadLinks(documents: Documents): Fault[] {
  return documents.pages.flatMap((page) => [
    ...page.links.flatMap((link) => badTarget(documents, page, link)),
    ...page.images.flatMap((image) => badTarget(documents, page, image)),
    ...page.links.flatMap((link) => foreignCodespace(documents, page, link)),
    ...page.images.filter(({ alt }) => alt.length < 10).map(({ line, text }) => withoutAlt(page, line, text)),
    ...(page.stage ? page.links.filter(isOutside).map((link) => notAlone(documents, page, link)) : []),
  ]);
}

function badTarget(documents: Documents, page: Page, { text, line }: Placed): Fault[] {
  const target = localTarget(documents, page, text);
  if (!target) return [];
  const { file, anchor } = target;
  const found = documents.files.includes(file) || documents.files.some((each) => each.startsWith(`${file}/`));
  const place = { file: page.file, line };
  if (!found) return [{ ...place, fault: `it links to ${file}, which does not exist`, remedy: 'Correct the link.' }];
  const anchors = documents.pages.find((each) => each.file === file)?.anchors;
  if (!anchor || !anchors || anchors.has(anchor)) return [];
  const remedy = `Its anchors are: ${[...anchors].join(', ')}.`;
  return [{ ...place, fault: `it links to #${anchor}, but ${file} has no such heading`, remedy }];
}

/** GitHub opens a repository in a codespace at its own address with another host. */
function foreignCodespace({ address }: Documents, { file }: Page, { text, line }: Placed): Fault[] {
  const own = address.replace('https://github.com/', 'https://codespaces.new/');
  if (!text.startsWith('https://codespaces.new/') || text === own) return [];
  return [{ file, line, fault: `it opens ${text} in a codespace, not this repository`, remedy: `Link to ${own}` }];
}

/** A file of this repository, whether the link is relative or a full address; undefined for other addresses. */
export function localTarget(
  { address }: Documents,
  page: Page,
  url: string,
): { file: string; anchor?: string } | undefined {
  const inside = [`${address}/blob/main/`, `${address}/tree/main/`].find((start) => url.startsWith(start));
  if (!inside && /^[a-z]+:/.test(url)) return undefined;
  const [path = '', anchor] = (inside ? url.slice(inside.length) : url).split('#');
  const file = inside ? path : path === '' ? page.file : normalize(`${dirname(page.file)}/${path}`);
  return { file: decodeURI(file).replace(/\/$/, ''), ...(anchor && { anchor }) };
}

function isOutside({ text }: Placed): boolean {
  return text.startsWith('..');
}

function notAlone({ address }: Documents, page: Page, { line, text }: Placed): Fault {
  const remedy = `Write the full address, ${address}/blob/main/…`;
  return { file: page.file, line, fault: `it links to ${text}, which the stage's branch does not have`, remedy };
}

function withoutAlt(page: Page, line: number, picture: string): Fault {
  return {
    file: page.file,
    line,
    fault: `${picture} has no alt text`,
    remedy: 'Describe in a sentence what it shows.',
  };
}
