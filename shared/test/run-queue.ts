import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { finished } from 'node:stream/promises';
import { run } from 'node:test';
import type { TestEvent } from 'node:test/reporters';
import picomatch from 'picomatch';
import { slow } from './choose.ts';
import type { Queued } from './queue.ts';

/** In milliseconds. No test takes that long unless it hangs; those of a slow file often wait for telemetry. */
const patience = { usual: 300_000, slow: 900_000 };

const isSlow = picomatch(slow);

export interface RunOptions {
  /** Folder from which the files' paths are meant. */
  root: string;
  /** How many processes run at a time; one that mostly waits counts half. */
  concurrency: number;
  signal?: AbortSignal;
}

/**
 * Runs test files in the order of the queue. What must wait for another lets those behind it go first.
 * @returns the events for a reporter: those of a process stand together, and one summary comes last
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
  const running = new Map<Queued, Promise<TestEvent | undefined>>();
  const isToCome = (file: string) => [...running.keys(), ...waiting].some(({ files }) => files.includes(file));
  let summary: TestEvent | undefined;
  for (;;) {
    while (placesTaken(running.keys()) < options.concurrency && !options.signal?.aborted) {
      const next = waiting.findIndex(({ after }) => !after || !isToCome(after));
      if (next < 0) break;
      const [queued] = waiting.splice(next, 1) as [Queued];
      running.set(
        queued,
        runFiles(queued, options, events).finally(() => running.delete(queued)),
      );
    }
    if (running.size === 0) return summary;
    summary = await Promise.race(running.values());
  }
}

function placesTaken(running: Iterable<Queued>): number {
  return [...running].reduce((sum, { waits }) => sum + (waits ? 0.5 : 1), 0);
}

/** Imports all the files that it is given as arguments. */
const together = join(import.meta.dirname, 'together.ts');

async function runFiles({ files }: Queued, { root, signal }: RunOptions, events: PassThrough) {
  const program = files.length > 1 ? { files: [together], argv: files } : { files };
  const timeout = files.some((file) => isSlow(file)) ? patience.slow : patience.usual;
  const ran = run({ cwd: root, ...program, timeout, ...(signal && { signal }) });
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
