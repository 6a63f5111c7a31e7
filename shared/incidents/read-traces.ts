import type { Span, TraceSummary } from '../runtime/receiver/model.ts';
import { askJson, Refusal } from '../verify/read/ask.ts';
import type { Reader } from '../verify/read/reader.ts';
import { askTrace, tempo } from '../verify/read/span-readers.ts';
import { fedBackEnd, type RunningStage } from '../verify/stage/running-stage.ts';

/** The spans of a trace: none if it does not exist; or why it cannot be read. */
export type ReadTrace = (id: string) => Promise<Span[] | { missing: string }>;

/** Traces that the receiver is asked for at once: more than come in between two reads. */
const newest = 200;

/** Reads one trace where the stage has it: from Tempo, or from the built-in receiver. */
export function traceReader(stage: RunningStage): ReadTrace {
  const backEnd = fedBackEnd(stage, 'tempo');
  const { receiver } = stage;
  const read = (id: string): Promise<Span[]> =>
    'url' in backEnd ? askTrace(backEnd.url, id) : readFromReceiver(receiver!, id);
  return async (id) => {
    if ('missing' in backEnd && !receiver) return backEnd;
    return read(id).catch((error: unknown) => {
      if (error instanceof Refusal && error.status === 404) return [];
      throw error;
    });
  };
}

/** The spans of all traces that have finished, from the same place, or why there is none. */
export function tracesOf(stage: RunningStage): Reader<Span[]> | { missing: string } {
  const backEnd = fedBackEnd(stage, 'tempo');
  if ('url' in backEnd) return tempo(backEnd.url, Date.now());
  return stage.receiver ? receiverTraces(stage.receiver) : backEnd;
}

/** While users roll dice some trace is always growing, so this does not wait until none is, as the one of verify does. */
function receiverTraces(url: string): Reader<Span[]> {
  const known = new Map<string, Span[]>();
  return {
    name: 'receiver',
    patience: 5000,
    read: async () => {
      const { traces }: { traces: TraceSummary[] } = await askJson(`${url}/api/traces`, { limit: newest });
      const fresh = traces.filter(
        ({ finished, traceId, spanCount }) => finished && known.get(traceId)?.length !== spanCount,
      );
      const read = async ({ traceId }: TraceSummary) => known.set(traceId, await readFromReceiver(url, traceId));
      await Promise.all(fresh.map(read));
      return [...known.values()].flat();
    },
  };
}

async function readFromReceiver(url: string, id: string): Promise<Span[]> {
  const { spans } = await askJson(`${url}/api/traces/${id}`);
  return spans;
}
