import { marked, type Token } from 'marked';

/** A fenced block of a page that shows a piece of the difference. */
export interface Block {
  /** Where its fence begins, from 1, and where it lies in the text. */
  line: number;
  start: number;
  end: number;
  /** What the author wrote behind ```diff, by name. */
  attributes: Record<string, string>;
  /** What of the info string is not `name="value"`. */
  rest: string;
  /** The paragraphs right before and after it, by their place in the text. */
  neighbours: number[];
}

/** Finds the blocks of a page. A fence inside a list or a quotation is not one. */
export function parseBlocks(text: string): Block[] {
  const tokens = withPlaces(text).filter(({ token }) => token.type !== 'space');
  return tokens.flatMap(({ token, start }, index) => {
    if (token.type !== 'code' || !/^diff\b/.test(token.lang ?? '')) return [];
    const around = [tokens[index - 1], tokens[index + 1]];
    const raw = token.raw.trimEnd();
    return {
      ...{ line: lineAt(text, start), start, end: start + raw.length },
      ...parseInfo(token.lang ?? ''),
      neighbours: around.flatMap((each) => (each && isProse(each.token) ? [each.start] : [])),
    };
  });
}

/** The line, from 1, of a place in a text. */
export function lineAt(text: string, place: number): number {
  return text.slice(0, place).split('\n').length;
}

/** The top-level parts of a Markdown text with their places. */
export function withPlaces(text: string): { token: Token; start: number }[] {
  let start = 0;
  return marked.lexer(text).map((token) => {
    const found = text.indexOf(token.raw, start);
    const place = found < 0 ? start : found;
    start = place + token.raw.length;
    return { token, start: place };
  });
}

/** Prose that can explain code: at least three words, and ended as a sentence is. */
export function isProse(token: Token): boolean {
  if (!['paragraph', 'list', 'blockquote'].includes(token.type)) return false;
  const words = token.raw.replace(/<!--[^]*?-->/g, '').trim();
  return words.split(/\s+/).length >= 3 && /[.:?!][)*_"”]*(\s|$)/.test(words);
}

const attribute = /(\w+)=(?:"([^"]*)"|'([^']*)')/g;

function parseInfo(info: string): Pick<Block, 'attributes' | 'rest'> {
  const found = [...info.matchAll(attribute)].map(([, name, double, single]) => [name!, double ?? single ?? '']);
  return {
    attributes: Object.fromEntries(found),
    rest: info
      .replace(attribute, '')
      .replace(/^diff\b/, '')
      .trim(),
  };
}
