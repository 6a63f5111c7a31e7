import type { LogLine, Span, Trace, TraceSummary } from './model.ts';

export interface TraceStoreOptions {
  /** Milliseconds without a new span after which a complete trace is finished. */
  quiet?: number;
  /** The same for a trace whose root, or any parent, has not come. */
  quietIncomplete?: number;
  mostTraces?: number;
  mostSpans?: number;
  mostLogs?: number;
  /** Called each time a trace is finished: again if spans arrive after that. */
  onFinished?: (trace: Trace) => void;
}

interface Entry {
  spans: Map<string, Span>;
  timer?: NodeJS.Timeout;
}

export interface TraceStore {
  addSpans: (spans: Span[]) => void;
  addLog: (line: LogLine) => void;
  /** Newest first. */
  list: (limit: number) => TraceSummary[];
  find: (traceId: string) => Trace | undefined;
  /** Newest first. */
  logs: (limit: number, matches: (line: LogLine) => boolean) => LogLine[];
  /** Resolves when no trace is still growing. */
  settled: () => Promise<void>;
  close: () => void;
}

/** Keeps the newest traces and log lines in memory. Every number is bounded: it runs for as long as a learner forgets it. */
export function createTraceStore(options: TraceStoreOptions = {}): TraceStore {
  const { quiet = 1000, quietIncomplete = 5000, mostTraces = 500, mostSpans = 2000, mostLogs = 5000 } = options;
  const traces = new Map<string, Entry>();
  const lines: LogLine[] = [];
  const waiting: (() => void)[] = [];
  const logsOf = (traceId: string): LogLine[] => lines.filter((line) => line.traceId === traceId);
  const growing = (): boolean => [...traces.values()].some(({ timer }) => timer !== undefined);

  const finish = (traceId: string, entry: Entry): void => {
    delete entry.timer;
    options.onFinished?.(traceOf(traceId, entry, logsOf(traceId)));
    if (!growing()) for (const resolve of waiting.splice(0)) resolve();
  };
  const addTo = (traceId: string, spans: Span[]): void => {
    const entry = traces.get(traceId) ?? { spans: new Map<string, Span>() };
    // The newest last: what is dropped first has been quiet for longest.
    traces.delete(traceId);
    traces.set(traceId, entry);
    for (const span of spans) if (entry.spans.size < mostSpans) entry.spans.set(span.spanId, span);
    clearTimeout(entry.timer);
    entry.timer = setTimeout(() => finish(traceId, entry), isComplete(entry) ? quiet : quietIncomplete);
  };
  return {
    addSpans: (spans) => {
      for (const [traceId, group] of Map.groupBy(spans, (span) => span.traceId)) addTo(traceId, group);
      while (traces.size > mostTraces) dropOldest(traces);
    },
    addLog: (line) => {
      lines.push(line);
      if (lines.length > mostLogs) lines.shift();
    },
    list: (limit) =>
      [...traces]
        .slice(-limit)
        .reverse()
        .map(([traceId, entry]) => summaryOf(traceId, entry)),
    find: (traceId) => {
      const entry = traces.get(traceId);
      return entry && traceOf(traceId, entry, logsOf(traceId));
    },
    logs: (limit, matches) => lines.filter(matches).slice(-limit).reverse(),
    settled: () => (growing() ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve()),
    close: () => {
      for (const { timer } of traces.values()) clearTimeout(timer);
    },
  };
}

function dropOldest(traces: Map<string, Entry>): void {
  const [traceId, entry] = traces.entries().next().value!;
  clearTimeout(entry.timer);
  traces.delete(traceId);
}

function isComplete({ spans }: Entry): boolean {
  return [...spans.values()].every(({ parentSpanId }) => parentSpanId === undefined || spans.has(parentSpanId));
}

function summaryOf(traceId: string, entry: Entry): TraceSummary {
  const spans = [...entry.spans.values()].sort((a, b) => a.startMs - b.startMs);
  const head = spans.find(({ parentSpanId }) => parentSpanId === undefined) ?? spans[0]!;
  const startMs = spans[0]!.startMs;
  return {
    ...{ traceId, service: head.service, name: head.name, startMs },
    durationMs: Math.max(...spans.map((span) => span.startMs + span.durationMs)) - startMs,
    spanCount: spans.length,
    services: [...new Set(spans.map(({ service }) => service))],
    error: spans.some(({ status }) => status === 'ERROR'),
    complete: isComplete(entry),
    finished: entry.timer === undefined,
  };
}

function traceOf(traceId: string, entry: Entry, logs: LogLine[]): Trace {
  const spans = [...entry.spans.values()].sort((a, b) => a.startMs - b.startMs);
  return { ...summaryOf(traceId, entry), spans, logs: logs.toSorted((a, b) => a.timeMs - b.timeMs) };
}
