import type { Nodes, Root } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { visit } from 'unist-util-visit';

export function parseMarkdown(text: string): Root {
  return fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
}

/** What a part of a text becomes, or what stands around it. */
export type Rewritten = string | { before: string; after: string } | undefined;

/**
 * Rewrites parts of a Markdown text and leaves all others as they are.
 * @param replace what a node becomes, given its source; undefined leaves it
 */
export function rewrite(text: string, replace: (node: Nodes, source: string) => Rewritten): string {
  const changes: { start: number; end: number; by: string }[] = [];
  visit(parseMarkdown(text), (node) => {
    const start = node.position?.start.offset ?? 0;
    const end = node.position?.end.offset ?? 0;
    const by = replace(node, text.slice(start, end));
    if (typeof by === 'string') changes.push({ start, end, by });
    else if (by) changes.push({ start, end: start, by: by.before }, { start: end, end, by: by.after });
  });
  return changes
    .sort((one, other) => other.start - one.start)
    .reduce((result, { start, end, by }) => result.slice(0, start) + by + result.slice(end), text);
}
