import { extname } from 'node:path';
import type { Piece } from './find-lines.ts';
import type { Line } from './hunks.ts';

/** Unchanged stretches that are longer show their first line only. */
const longestStretch = 3;

/** The fenced block that shows a piece: a difference for GitHub, highlighted in the file's own language on the site. */
export function renderBlock(attributes: Record<string, string>, { hunk, from, to }: Piece): string {
  const { lang: _, ...others } = attributes;
  const body = fold(hunk.lines.slice(from, to + 1)).map(({ sign, text }) => (sign + text).trimEnd());
  const ticks = body.map((line) => /`{3,}/.exec(line)?.[0].length ?? 0);
  const fence = '`'.repeat(Math.max(2, ...ticks) + 1);
  const named = Object.entries({ lang: languageOf(hunk.path), ...others }).map(([name, value]) => quoted(name, value));
  return [`${fence}diff ${named.join(' ')}`, ...body, fence].join('\n');
}

function quoted(name: string, value: string): string {
  return value.includes('"') ? `${name}='${value}'` : `${name}="${value}"`;
}

/** Folds what did not change between two changes; the three lines around the hunk stay. */
function fold(lines: Line[]): Line[] {
  const changed = lines.map(({ sign }) => sign !== ' ');
  const [first, last] = [changed.indexOf(true), changed.lastIndexOf(true)];
  const stretchEnd = (index: number): number => {
    const next = changed.indexOf(true, index);
    return next < 0 ? lines.length : next;
  };
  return lines.flatMap((line, index) => {
    if (changed[index] || index < first || index > last) return line;
    const start = changed.lastIndexOf(true, index) + 1;
    if (stretchEnd(index) - start <= longestStretch) return line;
    if (index === start) return line;
    const indent = /^\s*/.exec(lines[start]!.text)![0];
    return index === start + 1 ? { sign: ' ', text: `${indent}…` } : [];
  });
}

const languages: Record<string, string> = {
  ...{ '.ts': 'ts', '.tsx': 'tsx', '.js': 'js', '.json': 'json', '.yaml': 'yaml', '.css': 'css', '.sql': 'sql' },
  ...{ '.svg': 'xml', '.sh': 'sh' },
};

/** What the site's highlighter calls the language of a file. */
export function languageOf(path: string): string {
  if (path.endsWith('Dockerfile')) return 'docker';
  return languages[extname(path)] ?? 'txt';
}
