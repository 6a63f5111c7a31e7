import { styleText } from 'node:util';
import type { Blockquote, Code, Link, List, Nodes, Table } from 'mdast';
import wrapAnsi from 'wrap-ansi';
import { plainTable } from '../../runtime/plain-table.ts';
import { parseMarkdown } from '../pages/parse-page.ts';

export interface TerminalOptions {
  columns: number;
  colour: boolean;
}

type Style = Parameters<typeof styleText>[0];

/** A lesson page for a terminal: prose wrapped to its width, code as it is with its differences coloured. */
export function terminalPage(markdown: string, { columns, colour }: TerminalOptions): string {
  const paint: Show['paint'] = (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text);
  const show = { width: Math.min(Math.max(columns, 80), 100), paint };
  return `${blocks(parseMarkdown(markdown).children, show).join('\n\n')}\n`;
}

interface Show {
  width: number;
  paint: (style: Style, text: string) => string;
}

function blocks(nodes: Nodes[], show: Show): string[] {
  return nodes.flatMap((node) => block(node, show));
}

/** A part of the page; nothing for what only the tool or a browser reads. */
function block(node: Nodes, show: Show): string[] {
  const { width, paint } = show;
  switch (node.type) {
    case 'heading':
      return [paint(node.depth === 1 ? ['bold', 'inverse'] : 'bold', wrapAnsi(inline(node.children, show), width))];
    case 'paragraph':
      return [wrapAnsi(inline(node.children, show), width)];
    case 'code':
      return [code(node, show)];
    case 'list':
      return [list(node, show)];
    case 'blockquote':
      return [quotation(node, show)];
    case 'table':
      return [table(node, show)];
    case 'thematicBreak':
      return ['─'.repeat(width)];
    case 'html':
      return htmlText(node.value);
    default:
      return [];
  }
}

/** The text of HTML: the summary of a folded part. */
function htmlText(html: string): string[] {
  const text = html.replace(/<!--[^]*?-->|<[^>]*>/g, '').trim();
  return text === '' ? [] : [text];
}

function inline(nodes: Nodes[], show: Show): string {
  const { paint } = show;
  return nodes
    .map((node) => {
      if (node.type === 'inlineCode') return paint('cyan', oneLine(node.value));
      if (node.type === 'strong') return paint('bold', inline(node.children, show));
      if (node.type === 'emphasis') return paint('italic', inline(node.children, show));
      if (node.type === 'link') return link(node, show);
      if (node.type === 'image') return `[${node.alt}]`;
      if (node.type === 'break') return '\n';
      if (node.type === 'text') return oneLine(node.value);
      return 'children' in node ? inline(node.children, show) : '';
    })
    .join('');
}

function link({ url, children }: Link, show: Show): string {
  const text = inline(children, show);
  return /^https?:/.test(url) && !text.includes(url) ? `${text} (${url})` : text;
}

/** A line break in a Markdown paragraph is a space. */
function oneLine(text: string): string {
  return text.replaceAll('\n', ' ');
}

function code({ lang, meta, value }: Code, { width, paint }: Show): string {
  const title = /title="([^"]*)"/.exec(meta ?? '')?.[1];
  const heading = title ? [paint('dim', `── ${title} `.padEnd(width, '─'))] : [];
  const lines = value.split('\n').map((line) => {
    if (lang !== 'diff') return `    ${line}`;
    if (line.startsWith('+')) return paint('green', line);
    return line.startsWith('-') ? paint('red', line) : line;
  });
  return [...heading, ...lines].join('\n');
}

function list({ children, ordered, start }: List, show: Show): string {
  return children
    .map((item, index) => {
      const mark = ordered ? `${(start ?? 1) + index}. ` : '- ';
      const text = blocks(item.children, { ...show, width: show.width - mark.length }).join('\n');
      return mark + text.replaceAll('\n', `\n${' '.repeat(mark.length)}`);
    })
    .join('\n');
}

function quotation({ children }: Blockquote, show: Show): string {
  const text = blocks(children, { ...show, width: show.width - 2 }).join('\n\n');
  return text.replace(/^/gm, show.paint('dim', '│ '));
}

/** A table if it fits the width; otherwise row by row: the first cells, then the others with their headings. */
function table({ children }: Table, show: Show): string {
  const cells = children.map((row) => row.children.map((cell) => inline([cell], { ...show, paint: plainly })));
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
