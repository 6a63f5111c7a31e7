import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { SpanMessage } from './span-counter-process.ts';

/** Where services send their spans, and how many arrived. */
export interface SpanCounter {
  url: string;
  /** Since the last reset. */
  spans: number;
  /** When the first one since the last reset arrived, in milliseconds since 1970. */
  firstAt: number | undefined;
  reset: () => void;
  close: () => void;
}

/** Opens an OTLP receiver that counts. */
export async function openSpanCounter(): Promise<SpanCounter> {
  const child = fork(new URL('span-counter-process.ts', import.meta.url));
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  const counter: SpanCounter = {
    url: `http://127.0.0.1:${port}`,
    spans: 0,
    firstAt: undefined,
    reset: () => Object.assign(counter, { spans: 0, firstAt: undefined }),
    close: () => child.disconnect(),
  };
  child.on('message', (message: SpanMessage) => {
    if (!('spans' in message)) return;
    counter.spans += message.spans;
    counter.firstAt ??= message.at;
  });
  return counter;
}
