import type { Readable } from 'node:stream';

/** One line that a service printed. */
export interface Line {
  service: string;
  source: 'stdout' | 'stderr';
  text: string;
  time: Date;
}

/** Docker cuts longer lines too; it keeps a service that never ends a line from filling the memory. */
const longest = 64 * 1024;

/** Calls back with each line of a stream, and with what is left when it ends. Never pushes back on the writer. */
export function readLines(stream: Readable, onLine: (text: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    for (const line of lines) onLine(line.replace(/\r$/, ''));
    while (rest.length > longest) {
      onLine(rest.slice(0, longest));
      rest = rest.slice(longest);
    }
  });
  stream.on('end', () => {
    if (rest !== '') onLine(rest);
  });
  // A broken pipe ends the stream; the process's end is reported by its own event.
  stream.on('error', () => undefined);
}
