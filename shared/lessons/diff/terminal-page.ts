import { styleText } from 'node:util';
import { marked, type Token, type Tokens } from 'marked';
import wrapAnsi from 'wrap-ansi';
import { plainTable } from '../../runtime/plain-table.ts';

export interface TerminalOptions {
  columns: number;
  colour: boolean;
}

type Style = Parameters<typeof styleText>[0];

/** A lesson page for a terminal: prose wrapped to its width, code as it is with its differences coloured. */
export function terminalPage(markdown: string, { columns, colour }: TerminalOptions): string {
  const width = Math.min(Math.max(columns, 80), 100);
  const paint = (style: Style, text: string): string =>
    colour ? styleText(style, text, { validateStream: false }) : text;
  const show = { width, paint };
  return `${marked
    .lexer(markdown)
    .flatMap((token) => block(token, show))
    .join('\n\n')}\n`;
}

interface Show {
  width: number;
  paint: (style: Style, text: string) => string;
}

/** The lines of a part of the page; none for what only the tool or a browser reads. */
function block(token: Token, show: Show): string[] {
  const { width, paint } = show;
  const wrap = (text: string): string => wrapAnsi(text, width, { trim: true });
  switch (token.type) {
    case 'heading':
      return [paint(token.depth === 1 ? ['bold', 'inverse'] : 'bold', wrap(inline(token.tokens, show)))];
    case 'paragraph':
      return [wrap(inline(token.tokens, show))];
    case 'code':
      return [code(token as Tokens.Code, show)];
    case 'list':
      return [list(token as Tokens.List, show)];
    case 'blockquote':
      return [quotation(token as Tokens.Blockquote, show)];
    case 'table':
      return [table(token as Tokens.Table, show)];
    case 'hr':
      return ['─'.repeat(width)];
    case 'html':
      return htmlText(token.raw);
    default:
      return [];
  }
}

/** Of HTML its text: the summary of what can be folded. */
function htmlText(raw: string): string[] {
  const text = raw
    .replace(/<!--[^]*?-->/g, '')
    .replace(/<[^>]*>/g, '')
    .trim();
  return text === '' ? [] : [text];
}

function inline(tokens: Token[] = [], show: Show): string {
  const { paint } = show;
  return tokens
    .map((token) => {
      if (token.type === 'codespan') return paint('cyan', plain(token.text));
      if (token.type === 'strong') return paint('bold', inline(token.tokens, show));
      if (token.type === 'em') return paint('italic', inline(token.tokens, show));
      if (token.type === 'link') return link(token as Tokens.Link, show);
      if (token.type === 'image') return `[${token.text}]`;
      if (token.type === 'html') return '';
      if (token.type === 'br') return '\n';
      if ('tokens' in token && token.tokens) return inline(token.tokens, show);
      return plain('text' in token ? String(token.text) : token.raw);
    })
    .join('');
}

function link({ href, tokens }: Tokens.Link, show: Show): string {
  const text = inline(tokens, show);
  return /^https?:/.test(href) && !text.includes(href) ? `${text} (${href})` : text;
}

/** A line break in a Markdown paragraph is a space. */
function plain(text: string): string {
  return text.replaceAll('\n', ' ');
}

function code({ lang = '', text }: Tokens.Code, { width, paint }: Show): string {
  const title = /title="([^"]*)"/.exec(lang)?.[1];
  const isDiff = lang.startsWith('diff');
  const lines = text.split('\n').map((line) => {
    if (isDiff && line.startsWith('+')) return paint('green', line);
    return isDiff && line.startsWith('-') ? paint('red', line) : line;
  });
  const heading = title ? [paint('dim', `── ${title} `.padEnd(width, '─'))] : [];
  return [...heading, ...lines.map((line) => (isDiff ? line : `    ${line}`))].join('\n');
}

function list({ items, ordered, start }: Tokens.List, show: Show): string {
  return items
    .map(({ tokens }, index) => {
      const mark = ordered ? `${Number(start || 1) + index}. ` : '- ';
      const inner = { ...show, width: show.width - mark.length };
      const text = tokens.flatMap((token) => (token.type === 'text' ? itemText(token, inner) : block(token, inner)));
      return mark + text.join('\n').replaceAll('\n', `\n${' '.repeat(mark.length)}`);
    })
    .join('\n');
}

function itemText(token: Token, show: Show): string[] {
  const tokens = 'tokens' in token ? token.tokens : [token];
  return [wrapAnsi(inline(tokens, show), show.width, { trim: true })];
}

function quotation({ tokens }: Tokens.Blockquote, show: Show): string {
  const lines = tokens.flatMap((token) => block(token, { ...show, width: show.width - 2 })).join('\n\n');
  return lines.replace(/^/gm, show.paint('dim', '│ '));
}

/** As a table where it fits the width, else row by row: the first cells, then the others with their headings. */
function table({ header, rows }: Tokens.Table, show: Show): string {
  const cells = [header, ...rows].map((row) => row.map(({ tokens }) => inline(tokens, { ...show, paint: plainly })));
  const drawn = plainTable(cells);
  if (drawn.split('\n').every((line) => line.length <= show.width)) return drawn;
  const [headings = [], ...records] = cells;
  return records.map((record) => recordText(headings, record, show)).join('\n\n');
}

function plainly(_: Style, text: string): string {
  return text;
}

function recordText(
  headings: string[],
  [first = '', second = '', ...others]: string[],
  { width, paint }: Show,
): string {
  const lines = others.flatMap((text, index) => {
    if (text === '') return [];
    return wrapAnsi(`${headings[index + 2]}: ${text}`, width - 4).replace(/^/gm, '    ');
  });
  return [`  ${paint('bold', `${first}, ${second}`)}`, ...lines].join('\n');
}
