import type { Nodes, Root } from 'mdast';
import { isProse, lineAt, parseMarkdown, placeOf } from './parse-page.ts';

/** A part of a page between `<!-- name … -->` and `<!-- /name -->`, which the tool fills. */
export interface Marker {
  name: string;
  /** What the author wrote in the opening comment, after the name. */
  given: string;
  line: number;
  start: number;
  end: number;
  /** What is between the two comments. */
  content: string;
  /** It begins its line, where Markdown would take the whole line for HTML. */
  beginsLine: boolean;
  /** There is prose right before or after it. */
  explained: boolean;
}

const marker = /<!-- ([a-z]+)(?: |\n)([^]*?)-->([^]*?)<!-- \/\1 -->/g;

/** Finds the filled parts of a page, whose Markdown may be given. */
export function parseMarkers(text: string, { children }: Root = parseMarkdown(text)): Marker[] {
  return [...text.matchAll(marker)].map((match) => ({
    name: match[1]!,
    given: match[2]!.trim(),
    ...{ line: lineAt(text, match.index), start: match.index, end: match.index + match[0].length },
    content: match[3]!,
    beginsLine: match.index === 0 || text[match.index - 1] === '\n',
    explained: isExplained(children, text, match.index, match.index + match[0].length),
  }));
}

function isExplained(nodes: Nodes[], text: string, start: number, end: number): boolean {
  const around = [
    nodes.findLast((node) => placeOf(node).end <= start),
    nodes.find((node) => placeOf(node).start >= end),
  ];
  return around.some((node) => node && isProse(node, text));
}

/** The marker with new content. */
export function renderMarker({ name, given }: Pick<Marker, 'name' | 'given'>, content: string): string {
  const inline = !content.startsWith('\n');
  const opening = given === '' ? `<!-- ${name} -->` : `<!-- ${name}\n${given}\n-->`;
  return `${opening}${content}${inline ? '' : '\n\n'}<!-- /${name} -->`;
}
