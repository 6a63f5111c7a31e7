import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import GithubSlugger from 'github-slugger';
import type { Nodes } from 'mdast';
import { toString } from 'mdast-util-to-string';
import { diagram } from './diagram.ts';
import { hunk } from './hunk.ts';
import { parseMarkdown, rewrite, type Rewritten } from './markdown.ts';
import { listPages, readText, repository, resolveLink, root, type Page } from './pages.ts';
import { drawPicture } from './picture.ts';
import { base, origin } from './published.ts';

const site = join(import.meta.dirname, '..');
const content = join(site, 'src/content/docs');
const images = join(site, 'src/assets/pages');

/** Makes the site's content of the repository's documents. */
async function sync(): Promise<void> {
  const pages = listPages();
  for (const folder of [content, images]) rmSync(folder, { recursive: true, force: true });
  for (const page of pages) await writePage(pages, page);
}

async function writePage(pages: Page[], page: Page): Promise<void> {
  const text = readText(page.file);
  const path = join(content, `${page.address || 'index'}.md`);
  const tree = parseMarkdown(text);
  const heading = tree.children.find((node) => node.type === 'heading' && node.depth === 1);
  if (!heading) throw new Error(`${page.file} has no title: begin it with "# …"`);
  const title = toString(heading);
  const paragraph = tree.children.find((node) => node.type === 'paragraph');
  const description = paragraph ? firstSentence(toString(paragraph)) : title;
  const picture = await drawPicture(page.address || 'index', title);
  const place = { pages, page, path, slugger: new GithubSlugger() };
  const body = rewrite(text, (node, source) =>
    node.type === 'heading' && node.depth === 1 ? '' : replaceNode(node, source, place),
  );
  const front = {
    ...{ title, description, editUrl: `${repository}/edit/main/${page.file}` },
    head: [
      { tag: 'meta', attrs: { property: 'og:image', content: `${origin}${base}${picture}` } },
      { tag: 'meta', attrs: { name: 'twitter:card', content: 'summary_large_image' } },
    ],
  };
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `---\n${JSON.stringify(front, undefined, 2)}\n---\n${body}`);
}

function firstSentence(text: string): string {
  return text.replaceAll(/\s+/g, ' ').split(/(?<=\.) /)[0]!;
}

interface Place {
  pages: Page[];
  page: Page;
  /** The file that is written. */
  path: string;
  slugger: GithubSlugger;
}

/** What a part of a page becomes on the site; undefined leaves it. */
function replaceNode(node: Nodes, source: string, place: Place): Rewritten {
  const { pages, page, slugger } = place;
  switch (node.type) {
    case 'link':
    case 'definition': {
      const address = resolveLink(pages, page.file, node.url);
      // Left alone, since an image inside it changes too.
      return address === node.url ? undefined : replaceLast(source, node.url, address);
    }
    case 'image':
      return replaceLast(source, node.url, copyImage(place, node.url));
    case 'table':
      // On a narrow screen it scrolls, by keyboard too.
      return { before: '<div class="wide" tabindex="0" role="region" aria-label="Table">\n\n', after: '\n\n</div>' };
    case 'html':
      return node.value.startsWith('<!--') ? '' : undefined;
    case 'code':
      if (node.lang === 'mermaid') return diagram(node.value);
      if (node.lang === 'diff' && node.meta?.includes('title='))
        return hunk(page.address.split('/')[0]!, source, slugger);
      return undefined;
    default:
      return undefined;
  }
}

function replaceLast(source: string, part: string, by: string): string {
  const index = source.lastIndexOf(part);
  return index < 0 ? source : source.slice(0, index) + by + source.slice(index + part.length);
}

/** Copies an image beside the content, where Astro finds its size and makes it smaller. */
function copyImage({ page, path }: Place, url: string): string {
  if (/^[a-z]+:/i.test(url)) throw new Error(`${page.file}: an image from ${url} would be fetched from another origin`);
  const file = posix.join(posix.dirname(page.file), url);
  const copy = join(images, file);
  mkdirSync(dirname(copy), { recursive: true });
  cpSync(join(root, file), copy);
  return relative(dirname(path), copy);
}

await sync();
