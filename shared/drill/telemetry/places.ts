import type { Span } from '../../runtime/receiver/model.ts';
import { readersOf } from '../../verify/observe.ts';
import { askJson, Refusal } from '../../verify/read/ask.ts';
import { fedBackEnd, type RunningStage } from '../../verify/stage/running-stage.ts';
import type { Shot } from '../load/shot.ts';

/** More than a phase of load makes. */
const mostTraces = 2000;

/** A place to read from, or why nothing can be read. */
export type Where<T> = { where: string; read: T } | { unreadable: string };

/** Those of some traces in which the service has a span. */
type FindSpans = (traceIds: string[]) => Promise<Set<string>>;
/** The messages of the lines of each trace. */
type ReadLines = (traceIds: string[]) => Promise<Map<string, string[]>>;

/** Where the telemetry of single requests is found by their trace ids. */
export interface Places {
  spans: Where<FindSpans>;
  lines: Where<ReadLines>;
}

/**
 * Chooses as `verify` does: the real back ends if they run and are fed, else the built-in receiver.
 * @param since milliseconds since 1970; no request of interest is older
 */
export function placesOf(stage: RunningStage, service: string, since: number): Places {
  const { receiver } = stage;
  if (receiver) return { spans: receiverSpans(receiver, service), lines: receiverLines(receiver) };
  const traces = fedBackEnd(stage, 'tempo');
  const logs = fedBackEnd(stage, 'loki');
  return {
    spans: 'url' in traces ? tempoSpans(traces.url, service, since) : unreadable(traces),
    lines: 'url' in logs ? { where: 'Loki', read: lokiLines(stage, service, since) } : unreadable(logs),
  };
}

/** The requests that lack their span. */
export async function missingSpans(find: FindSpans, shots: Shot[]): Promise<Shot[]> {
  const there = await find(shots.map(({ traceId }) => traceId));
  return shots.filter(({ traceId }) => !there.has(traceId));
}

/** The requests that lack the last of their lines. */
export async function missingLines(read: ReadLines, shots: Shot[], last: Record<number, string>): Promise<Shot[]> {
  const messages = await read(shots.map(({ traceId }) => traceId));
  return shots.filter(({ traceId, status }) => !messages.get(traceId)?.includes(last[status ?? 0] ?? ''));
}

function unreadable({ missing }: { missing: string }): { unreadable: string } {
  return { unreadable: missing };
}

/** Only which traces there are: unlike `verify`'s, this search reads no attributes, which cost a small Tempo its memory. */
function tempoSpans(url: string, service: string, since: number): Where<FindSpans> {
  const query = `{ resource.service.name = "${service}" } with (most_recent=true)`;
  const read: FindSpans = async () => {
    // Tempo cuts off the newest seconds (`query_end_cutoff`), and refuses a period of which nothing is left.
    const times = { start: Math.floor(since / 1000) - 10, end: Math.ceil(Date.now() / 1000) + 1 };
    const { traces = [] } = await askJson(`${url}/api/search`, { q: query, ...times, limit: mostTraces, spss: 1 });
    return new Set(traces.map(({ traceID }: { traceID: string }) => traceID.padStart(32, '0')));
  };
  return { where: 'Tempo', read };
}

/** One by one, unlike `verify`, which wants all traces and waits until none grows anymore. */
function receiverSpans(url: string, service: string): Where<FindSpans> {
  const spansOf = (traceId: string): Promise<Span[]> =>
    askJson(`${url}/api/traces/${traceId}`).then(
      ({ spans }) => spans,
      (error: unknown) => {
        if (error instanceof Refusal && error.status === 404) return [];
        throw error;
      },
    );
  const read: FindSpans = async (ids) => tracesOf((await Promise.all(ids.map(spansOf))).flat(), service);
  return { where: 'receiver', read };
}

function tracesOf(spans: Span[], service: string): Set<string> {
  return new Set(spans.filter((span) => span.service === service).map(({ traceId }) => traceId));
}

function receiverLines(url: string): Where<ReadLines> {
  const ofTrace = async (trace: string): Promise<[string, string[]]> => {
    const { logs } = await askJson(`${url}/api/logs`, { trace });
    return [trace, logs.map(({ message }: { message: string }) => message)];
  };
  return { where: 'receiver', read: async (ids) => new Map(await Promise.all(ids.map(ofTrace))) };
}

function lokiLines(stage: RunningStage, service: string, since: number): ReadLines {
  return async () => {
    const lines = (await printedLines(stage, service, since)).map(parsed);
    return new Map(
      [...Map.groupBy(lines, ({ trace_id }) => String(trace_id))].map(([id, group]) => [
        id,
        group.map(({ message }) => String(message)),
      ]),
    );
  };
}

function parsed(line: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(line));
  } catch {
    return {};
  }
}

/**
 * The lines that a service printed, as they were printed: what Loki has since a time, or all of the native run's log file.
 * @throws Error when neither can be read
 */
export async function printedLines(stage: RunningStage, service: string, since: number): Promise<string[]> {
  const reader = readersOf({ ...stage, since }).logs.find((one) => one.service === service)?.reader;
  if (!reader || 'missing' in reader) throw new Error(`No lines can be read: ${reader?.missing ?? service}`);
  return reader.read();
}
