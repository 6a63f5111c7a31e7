import { messageOf } from '../runtime/problem.ts';
import { keep, type Order } from './keep.ts';

// The process behind an incident. Its order comes as a message, so that the process list does not show it.

/** What it says to its parent. */
export interface Report {
  fault?: string;
}

const stop = new AbortController();
for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, () => stop.abort());
// Whatever breaks here, the stage is restored.
process.on('uncaughtException', () => stop.abort());

function report(content: Report): void {
  if (process.connected) process.send?.(content, () => process.connected && process.disconnect());
}

process.once('message', (order: Order) => {
  void keep(order, stop, () => report({})).then(
    () => process.exit(),
    (error: unknown) => {
      report({ fault: messageOf(error) });
      setTimeout(() => process.exit(1), 200);
    },
  );
});
