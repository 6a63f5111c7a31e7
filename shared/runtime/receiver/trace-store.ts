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
  /** Resolves when none of the traces that are growing now is still growing; others may have begun meanwhile. */
  settled: () => Promise<void>;
  close: () => void;
}

interface Entry {
  spans: Map<string, Span>;
  /** Runs while the trace may still grow. */
  timer?: NodeJS.Timeout | undefined;
}

/** Somebody who waits for these traces to be finished or dropped. */
interface Waiting {
  left: Set<string>;
  resolve: () => void;
}

interface Shelf {
  entries: Map<string, Entry>;
  waiting: Waiting[];
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
    settled: () => settled(shelf),
    close: () => shelf.entries.forEach(({ timer }) => clearTimeout(timer)),
  };
}

function addSpans(shelf: Shelf, spans: Span[]): void {
  for (const [traceId, group] of Map.groupBy(spans, (span) => span.traceId)) addToTrace(shelf, traceId, group);
  for (const [traceId, { timer }] of [...shelf.entries].slice(0, -shelf.options.mostTraces)) {
    clearTimeout(timer);
    shelf.entries.delete(traceId);
    noLongerGrows(shelf, traceId);
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
    noLongerGrows(shelf, traceId);
  };
  entry.timer = setTimeout(finish, isComplete(entry) ? options.quiet : options.quietIncomplete);
}

function settled({ entries, waiting }: Shelf): Promise<void> {
  const growing = [...entries].filter(([, { timer }]) => timer !== undefined).map(([traceId]) => traceId);
  if (growing.length === 0) return Promise.resolve();
  return new Promise((resolve) => waiting.push({ left: new Set(growing), resolve }));
}

function noLongerGrows(shelf: Shelf, traceId: string): void {
  for (const { left, resolve } of shelf.waiting) if (left.delete(traceId) && left.size === 0) resolve();
  shelf.waiting = shelf.waiting.filter(({ left }) => left.size > 0);
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
