import { setTimeout as sleep } from 'node:timers/promises';
import { createLogStore } from './log-store.ts';
import type { LogLine, Span, Trace, TraceSummary } from './model.ts';
import type { Stream } from './stream.ts';
import { createTraceStore, type TraceStoreOptions } from './trace-store.ts';

/** What the receiver has received: traces joined with their log lines. */
export interface Memory {
  addSpans: (spans: Span[]) => void;
  addLog: (line: LogLine) => void;
  traces: (limit: number) => TraceSummary[];
  trace: (traceId: string) => Trace | undefined;
  logs: (limit: number, matches: (line: LogLine) => boolean) => LogLine[];
  /** Resolves when every trace has come that is growing now, or announced by a log line and on its way. */
  settled: () => Promise<void>;
  close: () => void;
}

/** Milliseconds that a span may take to arrive after a log line of its trace: four of the SDK's batches. */
const onItsWay = 2000;

/** Keeps the newest of what arrives, and passes it on to the stream. */
export function openMemory(stream: Stream, options: Omit<TraceStoreOptions, 'onFinished'>): Memory {
  const logs = createLogStore();
  const traces = createTraceStore({ ...options, onFinished: (traceId) => stream.send('trace', trace(traceId)!) });
  const trace = (traceId: string): Trace | undefined => {
    const found = traces.find(traceId);
    return found && { ...found, logs: logs.ofTrace(traceId) };
  };
  const addLog = (line: LogLine): void => {
    logs.add(line);
    stream.send('log', line);
  };
  const settled = async (): Promise<void> => {
    const asked = Date.now();
    const announced = ({ timeMs, traceId }: LogLine): boolean =>
      timeMs <= asked && Date.now() - timeMs < onItsWay && traceId !== undefined && !traces.find(traceId);
    while (logs.list(1, announced).length > 0) await sleep(50);
    await traces.settled();
  };
  const { addSpans, list, close } = traces;
  return { addSpans, addLog, traces: list, trace, logs: logs.list, settled, close };
}
