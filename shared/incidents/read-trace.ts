import type { Span } from '../runtime/receiver/model.ts';
import { askJson, Refusal } from '../verify/read/ask.ts';
import { askTrace } from '../verify/read/span-readers.ts';
import { fedBackEnd, type RunningStage } from '../verify/stage/running-stage.ts';

/** The spans of a trace: none if it is not there; or why nobody can say. */
export type ReadTrace = (id: string) => Promise<Span[] | { missing: string }>;

/** Reads traces where the stage has them: from Tempo, or from the built-in receiver. */
export function traceReader(stage: RunningStage): ReadTrace {
  const tempo = fedBackEnd(stage, 'tempo');
  const { receiver } = stage;
  const read = async (id: string): Promise<Span[]> =>
    'url' in tempo ? askTrace(tempo.url, id) : (await askJson(`${receiver}/api/traces/${id}`)).spans;
  return async (id) => {
    if ('missing' in tempo && !receiver) return tempo;
    return read(id).catch((error: unknown) => {
      if (error instanceof Refusal && error.status === 404) return [];
      throw error;
    });
  };
}
