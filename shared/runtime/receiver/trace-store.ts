import type { Span, TraceSummary } from './model.ts';

export interface TraceStoreOptions {
  /** Milliseconds without a new span after which a complete trace is finished; the SDK sends twice a second. */
  quiet?: number;
  /** The same for a trace whose root, or any parent, has not come. */
  quietIncomplete?: number;
  mostTraces?: number;
  mostSpans?: number;
  /** Called each time a trace is finished: again if spans arrive after that. */
  onFinished?: (traceId: string) => void;
}

/** A trace as far as its spans show it, earliest first. */
export type SpanTree = TraceSummary & { spans: Span[] };

export interface TraceStore {
  addSpans: (spans: Span[]) => void;
  /** Newest first. */
  list: (limit: number) => TraceSummary[];
  find: (traceId: string) => SpanTree | undefined;
  /** Resolves when no trace is still growing. */
  settled: () => Promise<void>;
  close: () => void;
}

interface Entry {
  spans: Map<string, Span>;
  /** Runs while the trace may still grow. */
  timer?: NodeJS.Timeout | undefined;
}

interface Shelf {
  entries: Map<string, Entry>;
  waiting: (() => void)[];
  options: Required<TraceStoreOptions>;
}

const defaults = { quiet: 1000, quietIncomplete: 5000, mostTraces: 500, mostSpans: 2000, onFinished: () => undefined };

/** Keeps the newest traces in memory. Everything is bounded, because a learner may leave it running for days. */
export function createTraceStore(options: TraceStoreOptions = {}): TraceStore {
  const shelf: Shelf = { entries: new Map(), waiting: [], options: { ...defaults, ...options } };
  return {
    addSpans: (spans) => addSpans(shelf, spans),
    list: (limit) =>
      [...shelf.entries]
        .slice(-limit)
        .reverse()
        .map(([traceId, entry]) => summaryOf(traceId, entry)),
    find: (traceId) => {
      const entry = shelf.entries.get(traceId);
      return entry && { ...summaryOf(traceId, entry), spans: sorted(entry) };
    },
    settled: () => (isGrowing(shelf) ? new Promise((resolve) => shelf.waiting.push(resolve)) : Promise.resolve()),
    close: () => shelf.entries.forEach(({ timer }) => clearTimeout(timer)),
  };
}

function addSpans(shelf: Shelf, spans: Span[]): void {
  for (const [traceId, group] of Map.groupBy(spans, (span) => span.traceId)) addToTrace(shelf, traceId, group);
  for (const [traceId, { timer }] of [...shelf.entries].slice(0, -shelf.options.mostTraces)) {
    clearTimeout(timer);
    shelf.entries.delete(traceId);
  }
}

function addToTrace(shelf: Shelf, traceId: string, spans: Span[]): void {
  const { entries, options } = shelf;
  const entry: Entry = entries.get(traceId) ?? { spans: new Map() };
  // Put last: what is dropped first has then been quiet for longest.
  entries.delete(traceId);
  entries.set(traceId, entry);
  for (const span of spans) if (entry.spans.size < options.mostSpans) entry.spans.set(span.spanId, span);
  clearTimeout(entry.timer);
  const finish = (): void => {
    entry.timer = undefined;
    options.onFinished(traceId);
    if (!isGrowing(shelf)) for (const resolve of shelf.waiting.splice(0)) resolve();
  };
  entry.timer = setTimeout(finish, isComplete(entry) ? options.quiet : options.quietIncomplete);
}

function isGrowing({ entries }: Shelf): boolean {
  return [...entries.values()].some(({ timer }) => timer !== undefined);
}

function isComplete({ spans }: Entry): boolean {
  return [...spans.values()].every(({ parentSpanId }) => parentSpanId === undefined || spans.has(parentSpanId));
}

function sorted({ spans }: Entry): Span[] {
  return [...spans.values()].sort((a, b) => a.startMs - b.startMs);
}

function summaryOf(traceId: string, entry: Entry): TraceSummary {
  const spans = sorted(entry);
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
