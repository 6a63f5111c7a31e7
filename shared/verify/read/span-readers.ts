import { decodeRequest } from '../../runtime/receiver/decode.ts';
import type { Span, TraceSummary } from '../../runtime/receiver/model.ts';
import { spansOf } from '../../runtime/receiver/read-request.ts';
import { ask, askJson } from './ask.ts';
import type { Reader } from './reader.ts';

/** Traces asked for at once, and kept in view; the newest come first. */
const atOnce = 10;
const mostTraces = 2000;

/** A trace that ended so long ago does not grow any more, in milliseconds. */
const settled = 30_000;

/** The built-in receiver. It keeps the newest 500 traces, so all that were ever read are remembered. */
export function receiver(url: string): Reader<Span[]> {
  const known = new Map<string, Span>();
  return {
    name: 'receiver',
    patience: 10_000,
    read: async () => {
      const { traces } = await askJson(`${url}/api/traces`, { limit: mostTraces, settled: 1 });
      const ids = traces.map(({ traceId }: TraceSummary) => traceId);
      const found = await eachOf(ids, async (id) => (await askJson(`${url}/api/traces/${id}`)).spans as Span[]);
      for (const span of found) known.set(span.spanId, span);
      return [...known.values()];
    },
  };
}

/**
 * Tempo. Its search finds the newest traces after some seconds; each trace is then read as it was sent.
 * @param since milliseconds since 1970; its volume outlives a run of the stage
 */
export function tempo(url: string, since: number): Reader<Span[]> {
  const old = new Map<string, Span[]>();
  const readTrace = async (id: string): Promise<Span[]> => {
    const spans = old.get(id) ?? (await askTrace(url, id));
    if (spans.every(({ startMs, durationMs }) => startMs + durationMs < Date.now() - settled)) old.set(id, spans);
    return spans;
  };
  return {
    name: 'Tempo',
    patience: 60_000,
    read: async () => {
      const [start, end] = [Math.floor(since / 1000), Math.ceil(Date.now() / 1000) + 1];
      const search = { q: '{} with (most_recent=true)', start, end, limit: mostTraces, spss: 1 };
      const { traces = [] } = await askJson(`${url}/api/search`, search);
      const ids = traces.map(({ traceID }: { traceID: string }) => traceID.padStart(32, '0'));
      const spans = await eachOf(ids, readTrace);
      return spans.filter(({ startMs }) => startMs >= since);
    },
  };
}

/** In the form that it was sent in, which the built-in receiver reads too. */
async function askTrace(url: string, id: string): Promise<Span[]> {
  const response = await ask(`${url}/api/traces/${id}`, { headers: { accept: 'application/protobuf' } });
  return spansOf(decodeRequest('traces', 'application/x-protobuf', Buffer.from(await response.arrayBuffer())));
}

async function eachOf(ids: string[], read: (id: string) => Promise<Span[]>): Promise<Span[]> {
  const waiting = [...ids];
  const spans: Span[] = [];
  const work = async (): Promise<void> => {
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) spans.push(...(await read(id)));
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return spans;
}
