import { PassThrough } from 'node:stream';
import { finished } from 'node:stream/promises';
import { run } from 'node:test';
import type { TestEvent } from 'node:test/reporters';
import type { Queued } from './queue.ts';

/** No test takes that long, in milliseconds, unless it hangs. */
const patience = 300_000;

export interface RunOptions {
  /** Folder from which the files' paths are meant. */
  root: string;
  /** How many files run at a time. */
  concurrency: number;
  signal?: AbortSignal;
}

/**
 * Runs test files in the order of the queue. One that must wait for another lets those behind it go first.
 * @returns the events for a reporter: those of a file stand together, and one summary comes last
 */
export function runQueue(queue: Queued[], options: RunOptions): PassThrough {
  const events = new PassThrough({ objectMode: true });
  void runAll([...queue], options, events).then(
    (summary) => events.end(summary),
    (error) => events.destroy(error),
  );
  return events;
}

/** @returns the last file's summary, upon which a reporter lists what failed */
async function runAll(waiting: Queued[], options: RunOptions, events: PassThrough): Promise<TestEvent | undefined> {
  const running = new Map<string, Promise<TestEvent | undefined>>();
  const isToCome = (file: string) => running.has(file) || waiting.some((other) => other.file === file);
  let summary: TestEvent | undefined;
  for (;;) {
    while (running.size < options.concurrency && !options.signal?.aborted) {
      const next = waiting.findIndex(({ after }) => !after || !isToCome(after));
      if (next < 0) break;
      const [{ file }] = waiting.splice(next, 1) as [Queued];
      running.set(
        file,
        runFile(file, options, events).finally(() => running.delete(file)),
      );
    }
    if (running.size === 0) return summary;
    summary = await Promise.race(running.values());
  }
}

async function runFile(file: string, { root, signal }: RunOptions, events: PassThrough) {
  const ran = run({ cwd: root, files: [file], timeout: patience, ...(signal && { signal }) });
  const ofFile: TestEvent[] = [];
  let summary: TestEvent | undefined;
  ran.on('data', (event: TestEvent) => {
    if (event.type === 'test:diagnostic' && event.data.nesting === 0) return;
    if (event.type === 'test:summary' && event.data.file === undefined) summary = event;
    else ofFile.push(event);
  });
  await finished(ran, { writable: false });
  for (const event of ofFile) events.write(event);
  return summary;
}
