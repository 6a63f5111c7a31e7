import { PassThrough } from 'node:stream';
import { finished } from 'node:stream/promises';
import { run } from 'node:test';
import type { TestEvent } from 'node:test/reporters';
import type { Lane } from './lanes.ts';

/** No test takes that long, in milliseconds, unless it hangs. */
const patience = 300_000;

/**
 * Runs rows of lanes side by side, and the lanes of a row one after another.
 * @param root folder from which the files' paths are meant
 * @returns the events for a reporter: those of a file stand together, and one summary comes last
 */
export function runLanes(root: string, rows: Lane[][], signal: AbortSignal): PassThrough {
  const events = new PassThrough({ objectMode: true });
  const running = rows.map(async (lanes) => {
    let summary: TestEvent | undefined;
    for (const lane of lanes) summary = await runLane(root, lane, signal, events);
    return summary;
  });
  void Promise.all(running).then(
    (summaries) => events.end(summaries.at(-1)),
    (error) => events.destroy(error),
  );
  return events;
}

/** @returns the summary of the lane, upon which a reporter lists what failed */
async function runLane(root: string, { files, concurrency }: Lane, signal: AbortSignal, events: PassThrough) {
  const lane = run({ cwd: root, files, concurrency, timeout: patience, signal });
  let ofFile: TestEvent[] = [];
  let summary: TestEvent | undefined;
  lane.on('data', (event: TestEvent) => {
    if (event.type === 'test:diagnostic' && event.data.nesting === 0) return;
    if (event.type === 'test:summary' && event.data.file === undefined) summary = event;
    else ofFile.push(event);
    if (event.type !== 'test:summary') return;
    for (const one of ofFile) events.write(one);
    ofFile = [];
  });
  await finished(lane, { writable: false });
  return summary;
}
