import type { Code, Html, Image, InlineCode, Link, Nodes } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { toString } from 'mdast-util-to-string';
import { gfm } from 'micromark-extension-gfm';
import { visit } from 'unist-util-visit';
import GithubSlugger from 'github-slugger';

/** Anything on a page with the line, from 1, where it begins. */
export interface Placed {
  text: string;
  line: number;
}

/** A fenced block. */
export interface Block extends Placed {
  /** `console`, `promql`, `ts`, … */
  language: string;
  /** From the fence: `title="app.ts"` is `{ title: 'app.ts' }`. */
  options: Record<string, string>;
  /** The headings above it, outermost first; the title of the page is not one of them. */
  section: string[];
}

/** A Markdown page, taken apart. */
export interface Page {
  /** From the repository's root. */
  file: string;
  text: string;
  /** The stage whose page it is; undefined for a page about the whole repository. */
  stage: string | undefined;
  blocks: Block[];
  /** Words in code font. */
  codes: Placed[];
  /** Phrases in double quotes. */
  quotes: Placed[];
  links: Placed[];
  images: (Placed & { alt: string })[];
  /** The anchors that GitHub gives to its headings. */
  anchors: Set<string>;
}

/** Reads a page as GitHub does. @param file from the repository's root */
export function readPage(file: string, text: string): Page {
  const tree = fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
  const page: Page = {
    ...{ file, text, stage: /^(stage-\d+)\//.exec(file)?.[1] },
    ...{ blocks: [], codes: [], quotes: [], links: [], images: [], anchors: new Set<string>() },
  };
  const slugger = new GithubSlugger();
  const section: string[] = [];
  visit(tree, (node) => {
    if (node.type === 'heading') {
      const title = toString(node);
      page.anchors.add(slugger.slug(title));
      if (node.depth > 1) section.splice(node.depth - 2, Infinity, title);
    }
    take[node.type as keyof typeof take]?.(page, node as never, [...section]);
  });
  return page;
}

/** What is taken from each kind of node. */
const take = {
  code: (page: Page, node: Code, section: string[]) => {
    const options = Object.fromEntries(
      [...(node.meta ?? '').matchAll(/([\w-]+)="?([^"\s]*)"?/g)].map(([, name, value]) => [name, value]),
    );
    page.blocks.push({ ...placed(node, node.value), language: node.lang ?? '', options, section });
  },
  inlineCode: (page: Page, node: InlineCode) => page.codes.push(placed(node, node.value)),
  // In <details>, a hint may be HTML.
  html: (page: Page, node: Html) => {
    for (const [, code] of node.value.matchAll(/<code>([^<]*)<\/code>/g))
      page.codes.push(placed(node, unescape(code!)));
  },
  link: (page: Page, node: Link) => page.links.push(placed(node, node.url)),
  image: (page: Page, node: Image) => {
    page.images.push({ ...placed(node, node.url), alt: node.alt ?? '' });
  },
  paragraph: (page: Page, node: Nodes) => {
    // Code is left out: a quote in it is the code's.
    const text = toString({
      type: 'root',
      children: 'children' in node ? node.children.filter((each) => each.type !== 'inlineCode') : [],
    } as Nodes);
    for (const [, quote] of text.matchAll(/"([^"]+)"/g)) page.quotes.push(placed(node, quote!));
  },
};

function placed(node: Nodes, text: string): Placed {
  return { text, line: node.position?.start.line ?? 1 };
}

function unescape(html: string): string {
  return html.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
}
