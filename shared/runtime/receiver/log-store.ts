import type { LogLine } from './model.ts';

export interface LogStore {
  add: (line: LogLine) => void;
  /** Newest first. */
  list: (limit: number, matches: (line: LogLine) => boolean) => LogLine[];
  /** Earliest first. */
  ofTrace: (traceId: string) => LogLine[];
}

/** Keeps the newest log lines. */
export function createLogStore(most = 5000): LogStore {
  const lines: LogLine[] = [];
  // Every trace that ends is asked for, which may be hundreds a second.
  const byTrace = new Map<string, LogLine[]>();
  const forget = ({ traceId }: LogLine): void => {
    if (traceId === undefined) return;
    const [, ...rest] = byTrace.get(traceId)!;
    if (rest.length > 0) byTrace.set(traceId, rest);
    else byTrace.delete(traceId);
  };
  return {
    add: (line) => {
      lines.push(line);
      if (line.traceId !== undefined) byTrace.set(line.traceId, [...(byTrace.get(line.traceId) ?? []), line]);
      if (lines.length > most) forget(lines.shift()!);
    },
    list: (limit, matches) => lines.filter(matches).slice(-limit).reverse(),
    ofTrace: (traceId) => (byTrace.get(traceId) ?? []).toSorted((a, b) => a.timeMs - b.timeMs),
  };
}
