import type { Span } from '../runtime/receiver/model.ts';
import type { Readers } from '../verify/observe.ts';
import type { Reader } from '../verify/read/reader.ts';

/**
 * Readers that ignore anything older: `up` restarts a service that was edited, but the spans and lines that it left
 * before are still there.
 * @param from milliseconds since 1970
 */
export function recent(readers: Readers, from: number): Readers {
  const only = <T>(reader: Reader<T>, keep: (seen: T) => T): Reader<T> => ({
    ...reader,
    read: async () => keep(await reader.read()),
  });
  const { spans } = readers;
  return {
    ...readers,
    spans: 'missing' in spans ? spans : only(spans, (all: Span[]) => all.filter(({ startMs }) => startMs >= from)),
    logs: readers.logs.map(({ service, reader }) => ({
      service,
      reader: 'missing' in reader ? reader : only(reader, (lines) => linesSince(lines, from)),
    })),
  };
}

/** From the first line of that time on: a line that is not JSON has no time of its own. */
function linesSince(lines: string[], from: number): string[] {
  const first = lines.findIndex((line) => timeOf(line) >= from);
  return first < 0 ? [] : lines.slice(first);
}

function timeOf(line: string): number {
  return Date.parse(/"timestamp":"([^"]+)"/.exec(line)?.[1] ?? '');
}
