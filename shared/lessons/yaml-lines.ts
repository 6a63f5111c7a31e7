import { isPair, LineCounter, parseDocument, type Document, type Node } from 'yaml';

/** A YAML or JSON text with the line of everything in it. */
export interface LinedText {
  value: any;
  /** The line, from 1, of what is at a path of keys and indexes; of the nearest thing above it where there is none. */
  lineOf: (path: (string | number)[]) => number;
}

/** Stages are copies, and several rules read the same file. */
const read = new Map<string, LinedText>();

/** Reads YAML, merges included, or JSON, which is YAML too. @throws YAMLParseError naming line and column */
export function readLined(text: string): LinedText {
  const lined = read.get(text) ?? parseLined(text);
  read.set(text, lined);
  return lined;
}

function parseLined(text: string): LinedText {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: true });
  const [error] = document.errors;
  if (error) throw error;
  return {
    value: document.toJS({ maxAliasCount: -1 }),
    lineOf: (path) => lines.linePos(offsetOf(document, path)).line,
  };
}

function offsetOf(document: Document, path: (string | number)[]): number {
  if (path.length === 0) return 0;
  const parent = document.getIn(path.slice(0, -1), true) as Node | undefined;
  const items = (parent as { items?: unknown[] } | undefined)?.items ?? [];
  const key = path.at(-1);
  const item = items.find((each, index) => (isPair(each) ? String(each.key) === String(key) : index === key));
  const node = isPair(item) ? (item.key as Node) : (item as Node | undefined);
  return node?.range?.[0] ?? offsetOf(document, path.slice(0, -1));
}
