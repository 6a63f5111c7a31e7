/**
 * What differs from run to run, and what is shown in its place, in this order. Status codes stay: a 200 is not a 503.
 */
const varying: [RegExp, string][] = [
  // Colors, and the progress line of a program on a terminal.
  [/\x1b\[[\d;]*[A-Za-z]|\r/g, ''],
  [/[█▏▎▍▌▋▊▉]+/g, '█'],
  [/\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z?/g, '<time>'],
  [/\b\d{2}:\d{2}:\d{2}(\.\d+)?\b/g, '<time>'],
  [/\b[0-9a-f]{32}\b/g, '<trace id>'],
  [/\b[0-9a-f]{16}\b/g, '<span id>'],
  // A status is letters from here on.
  [/(HTTP\/1\.1 |status(?:_code)?"?[=:]"?)([1-5]\d\d)\b/g, '$1<$2>'],
  [/(?<![<\w])[+-]?\d+(\.\d+)?(e[+-]?\d+)?/gi, '#'],
  [/# (ms|s|µs|MiB|KiB|GiB|kB|MB)\b/g, '# <unit>'],
  [/\s+/g, ' '],
];

/** A line with its varying parts replaced. */
export function normalize(line: string): string {
  return varying.reduce((text, [pattern, place]) => text.replaceAll(pattern, place), line).trim();
}

/**
 * Compares what a page shows with what a command printed, after normalizing both.
 * A line "…" in the page leaves out any number of lines; "…" at the end of a line leaves out the rest of it.
 * @returns undefined where they agree, else the first line of the page that was not found
 */
export function firstMissing(shown: string[], printed: string[]): string | undefined {
  const lines = withoutEmpty(printed).map(normalize);
  let at = 0;
  let anywhere = false;
  for (const line of withoutEmpty(shown)) {
    if (line.trim() === '…') {
      anywhere = true;
      continue;
    }
    const found = lines.findIndex((each, index) => index >= at && agrees(line, each));
    if (found < 0 || (!anywhere && found > at)) return line;
    [at, anywhere] = [found + 1, false];
  }
  return anywhere || at === lines.length
    ? undefined
    : `(nothing more, but the command also printed: ${printed.at(-1)})`;
}

function withoutEmpty(lines: string[]): string[] {
  return lines.filter((line) => line.trim() !== '');
}

function agrees(shown: string, printed: string): boolean {
  const wanted = normalize(shown);
  return wanted.endsWith('…') ? printed.startsWith(wanted.slice(0, -1).trim()) : wanted === printed;
}
