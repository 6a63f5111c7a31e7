import type { Span } from '../../runtime/receiver/model.ts';
import type { Metric, Series } from '../compare/metrics.ts';
import type { Readers } from '../observe.ts';
import type { Reader } from '../read/reader.ts';

/** Readers that still know what they read before a service was restarted, or a store made room. */
export interface Memory {
  readers: Readers;
  /** Reads what is there now. A place that does not answer is passed over: it may just be stopped. */
  look: () => Promise<void>;
  /** Traces that lose some of their spans on purpose: none of their spans is compared. */
  ignored: Set<string>;
}

/** Gives the readers of spans and of services' own /metrics a memory. Log files have one already. */
export function withMemory(readers: Readers): Memory {
  const looks: (() => Promise<unknown>)[] = [];
  const ignored = new Set<string>();
  const isWhole = ({ traceId }: Span): boolean => !ignored.has(traceId);
  const keep = <T>(reader: Reader<T>, merge: (known: T | undefined, seen: T) => T): Reader<T> => {
    let known: T | undefined;
    const read = async (): Promise<T> => (known = merge(known, await reader.read()));
    looks.push(read);
    return { ...reader, read };
  };
  const metrics = readers.metrics.map(({ service, reader }) => {
    const own = !('missing' in reader) && reader.name === '/metrics';
    return { service, reader: own ? keep(reader, mergeMetrics) : reader };
  });
  const spans =
    'missing' in readers.spans
      ? readers.spans
      : keep(readers.spans, (known, seen) => mergeSpans(known, seen).filter(isWhole));
  return {
    readers: { ...readers, metrics, spans },
    ignored,
    look: async () => void (await Promise.allSettled(looks.map((look) => look()))),
  };
}

function mergeSpans(known: Span[] = [], seen: Span[]): Span[] {
  return [...new Map([...known, ...seen].map((span) => [span.spanId, span])).values()];
}

/** Every series that there ever was, with the highest count that it had. */
export function mergeMetrics(known: Metric[] = [], seen: Metric[]): Metric[] {
  const all = Map.groupBy([...seen, ...known], ({ name }) => name);
  return [...all.values()].map(([now, before]) => ({
    ...now!,
    series: mergeSeries(now!.series, before?.series ?? []),
    exemplars: [...now!.exemplars, ...(before?.exemplars ?? [])],
  }));
}

function mergeSeries(now: Series[], before: Series[]): Series[] {
  const groups = Map.groupBy([...now, ...before], ({ labels }) => JSON.stringify(Object.entries(labels).sort()));
  return [...groups.values()].map((members) => ({
    ...members[0]!,
    count: Math.max(...members.map(({ count }) => count)),
  }));
}
