import type { Nodes, Root } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';

/** A fenced block of a page that shows a piece of the difference. */
export interface Block {
  /** Where its fence begins, from 1, and where it is in the text. */
  line: number;
  start: number;
  end: number;
  /** What the author wrote after ```diff, by name. */
  attributes: Record<string, string>;
  /** The parts of the info string that are not `name="value"`. */
  rest: string;
  /** The paragraphs right before and after it, by their place in the text. */
  neighbours: number[];
}

/** Finds the blocks of a page, whose Markdown may be given. A fence inside a list or a quotation is not one. */
export function parseBlocks(text: string, { children: nodes } = parseMarkdown(text)): Block[] {
  return nodes.flatMap((node, index) => {
    if (node.type !== 'code' || node.lang !== 'diff') return [];
    const { start, end } = placeOf(node);
    const around = [nodes[index - 1], nodes[index + 1]];
    return {
      ...{ line: node.position!.start.line, start, end },
      ...parseInfo(text.slice(start, end)),
      neighbours: around.flatMap((each) => (each && isProse(each, text) ? [placeOf(each).start] : [])),
    };
  });
}

/** Reads Markdown as GitHub does. */
export function parseMarkdown(text: string): Root {
  return fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
}

/** Where a part of a page is in its text. */
export function placeOf({ position }: Nodes): { start: number; end: number } {
  return { start: position!.start.offset!, end: position!.end.offset! };
}

/** The line, from 1, of a place in a text. */
export function lineAt(text: string, place: number): number {
  return text.slice(0, place).split('\n').length;
}

/** Prose that can explain code: at least three words, and ended as a sentence is. */
export function isProse(node: Nodes, text: string): boolean {
  if (!['paragraph', 'list', 'blockquote'].includes(node.type)) return false;
  const { start, end } = placeOf(node);
  const words = text
    .slice(start, end)
    .replace(/<!--[^]*?-->/g, '')
    .trim();
  return words.split(/\s+/).length >= 3 && /[.:?!][)*_"”]*(\s|$)/.test(words);
}

const attribute = /(\w+)=(?:"([^"]*)"|'([^']*)')/g;

/** Reads the line of the fence unchanged: Markdown would treat a backslash in a quotation as an escape. */
function parseInfo(source: string): Pick<Block, 'attributes' | 'rest'> {
  const info = source.split('\n', 1)[0]!.replace(/^[`~]+\s*diff\b/, '');
  const found = [...info.matchAll(attribute)].map(([, name, double, single]) => [name!, double ?? single ?? '']);
  return { attributes: Object.fromEntries(found), rest: info.replace(attribute, '').trim() };
}
