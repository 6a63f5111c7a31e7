import type { Span, TraceSummary } from '../../runtime/receiver/model.ts';
import { spansOf } from '../../runtime/receiver/read-request.ts';
import { ask, askJson } from './ask.ts';
import type { Reader } from './reader.ts';
import { readSearch } from './trace-search.ts';

/** Traces kept in view, of which the newest come first: more than some rounds of traffic make. */
const mostTraces = 1000;

/** Spans of one trace in a search: Tempo's own limit. */
const mostSpans = 100;

/** Traces asked for at once. */
const atOnce = 10;

/**
 * The built-in receiver. It keeps only the newest 500 traces, so every trace that was read is remembered, and is read
 * again only when it has changed.
 */
export function receiver(url: string): Reader<Span[]> {
  const known = new Map<string, Span>();
  const summaries = new Map<string, string>();
  return {
    name: 'receiver',
    patience: 10_000,
    read: async () => {
      const { traces } = await askJson(`${url}/api/traces`, { limit: mostTraces, settled: 1 });
      const waiting = traces.map((summary: TraceSummary) => [summary.traceId, JSON.stringify(summary)]);
      const work = async (): Promise<void> => {
        for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
          const [id, summary] = next;
          if (summaries.get(id) === summary) continue;
          const { spans } = await askJson(`${url}/api/traces/${id}`);
          for (const span of spans) known.set(span.spanId, span);
          summaries.set(id, summary);
        }
      };
      await Promise.all(Array.from({ length: atOnce }, work));
      return [...known.values()];
    },
  };
}

/**
 * Tempo, by one search that selects all attributes that it knows of: to read each trace by its id takes a small Tempo out
 * of memory. The search finds the newest traces after some seconds.
 * @param since milliseconds since 1970; its volume outlives a run of the stage
 */
export function tempo(url: string, since: number): Reader<Span[]> {
  return {
    name: 'Tempo',
    patience: 60_000,
    read: async () => {
      const times = { start: Math.floor(since / 1000), end: Math.ceil(Date.now() / 1000) + 1 };
      const { scopes = [] } = await askJson(`${url}/api/v2/search/tags`, { ...times, scope: 'span' });
      const names = scopes.flatMap(({ name, tags }: { name: string; tags: string[] }) => (name === 'span' ? tags : []));
      const search = { q: selectAll(names), ...times, limit: mostTraces, spss: mostSpans };
      const { spans, cut } = readSearch(await askJson(`${url}/api/search`, search));
      for (const id of cut) spans.push(...(await askTrace(url, id)));
      return spans.filter(({ startMs }) => startMs >= since);
    },
  };
}

/** One whole trace from Tempo, in the form that it was sent in, which the built-in receiver reads too. */
export async function askTrace(url: string, id: string): Promise<Span[]> {
  // Loaded only here: a stage without Tempo does not need Protobuf.
  const { decodeRequest } = await import('../../runtime/receiver/decode.ts');
  const response = await ask(`${url}/api/traces/${id}`, { headers: { accept: 'application/protobuf' } });
  return spansOf(decodeRequest('traces', 'application/x-protobuf', Buffer.from(await response.arrayBuffer())));
}

function selectAll(attributes: string[]): string {
  const intrinsics = ['name', 'kind', 'status', 'span:parentID', 'resource.service.name', 'event:name'];
  const selected = [...intrinsics, ...attributes.map((name) => `span.${JSON.stringify(name)}`)];
  return `{} | select(${selected.join(', ')}) with (most_recent=true)`;
}
