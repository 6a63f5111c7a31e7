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
  return {
    add: (line) => {
      lines.push(line);
      if (lines.length > most) lines.shift();
    },
    list: (limit, matches) => lines.filter(matches).slice(-limit).reverse(),
    ofTrace: (traceId) => lines.filter((line) => line.traceId === traceId).sort((a, b) => a.timeMs - b.timeMs),
  };
}
