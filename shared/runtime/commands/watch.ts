import { styleText } from 'node:util';
import { messageOf, Problem } from '../problem.ts';
import type { Trace, TraceSummary } from '../receiver/model.ts';
import { serverSentEvents } from '../watch/server-sent-events.ts';
import { waterfall } from '../watch/waterfall.ts';
import { requireRunning } from './recorded.ts';

/** In milliseconds; the receiver itself waits for traces that are on their way. */
const patience = 30_000;

/**
 * Shows each finished trace as a waterfall with its log lines, as they come; with `last`, the newest that are there.
 * @throws Problem when a collector runs instead of the built-in receiver, saying where to look
 */
export async function watch(stage: string, last?: number): Promise<void> {
  const { receiver, page } = requireRunning(stage);
  if (!receiver) {
    const where = page ? `Look at the traces in Grafana: ${page}/explore` : 'Query Tempo for them.';
    throw new Problem(`A collector is running, and sends the traces to Tempo. ${where}`);
  }
  if (last !== undefined) return showLast(receiver, last);
  console.log(`Waiting for traces. Roll a die, or run: make ${stage} traffic. Press Ctrl-C to stop.\n`);
  await showStream(receiver).catch((error: unknown) => {
    // How fetch reports that nothing is listening, or that the other side closed the stream.
    if (!(error instanceof TypeError)) throw error;
  });
  console.log(`The receiver at ${receiver} was stopped.`);
}

async function showStream(receiver: string): Promise<void> {
  for await (const { name, data } of serverSentEvents(`${receiver}/api/stream`)) {
    if (name === 'trace') show(data);
    if (name === 'notice') console.log(`${styleText('red', data.text, { stream: process.stdout })}\n`);
  }
}

async function showLast(receiver: string, count: number): Promise<void> {
  const { traces } = await json<{ traces: TraceSummary[] }>(`${receiver}/api/traces?settled=1&limit=${count}`);
  if (traces.length === 0) console.log('No trace has arrived yet. Roll a die first.');
  for (const { traceId } of traces.reverse()) show(await json<Trace>(`${receiver}/api/traces/${traceId}`));
}

async function json<T>(url: string): Promise<T> {
  const response = await fetch(url, { signal: AbortSignal.timeout(patience) }).catch((error: Error) => {
    throw new Problem(`The receiver does not answer at ${url}: ${messageOf(error.cause ?? error)}`);
  });
  return (await response.json()) as T;
}

function show(trace: Trace): void {
  const paint = (colour: Parameters<typeof styleText>[0], text: string): string =>
    styleText(colour, text, { stream: process.stdout });
  console.log(`${waterfall(trace, { width: process.stdout.columns || 80, paint })}\n`);
}
