import autocannon from 'autocannon';
import { quantile } from './statistics.ts';

/** What the load generator is asked for: a fixed number of requests, each connection sending its next when answered. */
export interface Load {
  url: string;
  connections: number;
  requests: number;
}

export interface LoadResult {
  requestsPerSecond: number;
  /** The 99th percentile of the times to answer, in milliseconds. */
  p99: number;
  /** Requests that were not answered with 200. */
  failed: number;
}

// A separate process, so that the cost of sending is not counted as the service's.
process.on('message', async (load: Load) => process.send!(await run(load)));
process.on('disconnect', () => process.exit());

async function run({ url, connections, requests }: Load): Promise<LoadResult> {
  const times: number[] = [];
  let answered = 0;
  let last = 0;
  const started = performance.now();
  // autocannon checks only once per sample whether it is done; its own figures are whole milliseconds, and not used.
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const load = autocannon({ url, connections, amount: requests, sampleInt: 50 }, resolve);
  load.on('response', (_client, status, _bytes, milliseconds) => {
    times.push(milliseconds);
    if (status === 200) answered++;
    last = performance.now();
  });
  await promise;
  const requestsPerSecond = (1000 * times.length) / (last - started);
  // A service that is down has answered nothing, so there are no times.
  const p99 = times.length > 0 ? quantile(times, 0.99) : NaN;
  return { requestsPerSecond, p99, failed: requests - answered };
}
