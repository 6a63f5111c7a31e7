import { lineAt, isProse, withPlaces } from './parse-page.ts';

/** A part of a page between `<!-- name … -->` and `<!-- /name -->`, which the tool fills. */
export interface Marker {
  name: string;
  /** What the author wrote in the opening comment, behind the name. */
  given: string;
  line: number;
  start: number;
  end: number;
  /** What stands between the two comments. */
  content: string;
  /** It begins its line, where Markdown would take the whole line for HTML. */
  beginsLine: boolean;
  /** Prose stands right before or after it. */
  explained: boolean;
}

const marker = /<!-- ([a-z]+)(?: |\n)([^]*?)-->([^]*?)<!-- \/\1 -->/g;

/** Finds the filled parts of a page. */
export function parseMarkers(text: string): Marker[] {
  return [...text.matchAll(marker)].map((match) => ({
    name: match[1]!,
    given: match[2]!.trim(),
    ...{ line: lineAt(text, match.index), start: match.index, end: match.index + match[0].length },
    content: match[3]!,
    beginsLine: match.index === 0 || text[match.index - 1] === '\n',
    explained: isExplained(text, match.index, match.index + match[0].length),
  }));
}

function isExplained(text: string, start: number, end: number): boolean {
  const parts = withPlaces(text).filter(({ token }) => token.type !== 'space');
  const before = parts.findLast((part) => part.start + part.token.raw.length <= start);
  const after = parts.find((part) => part.start >= end);
  return [before, after].some((part) => part && isProse(part.token));
}

/** The marker with new content. */
export function renderMarker({ name, given }: Pick<Marker, 'name' | 'given'>, content: string): string {
  const inline = !content.startsWith('\n');
  const opening = given === '' ? `<!-- ${name} -->` : `<!-- ${name}\n${given}\n-->`;
  return `${opening}${content}${inline ? '' : '\n\n'}<!-- /${name} -->`;
}
