import { setTimeout as sleep } from 'node:timers/promises';
import { answers } from '../plan/free-ports.ts';
import type { Readiness } from '../plan/plan.ts';

const pause = 100;

/**
 * Waits until a service is ready, asking again and again. Returns without an error when the signal is given.
 * @param sawLine whether the service has printed the line that makes it ready
 * @throws Error naming what did not answer, once the patience is over
 */
export async function waitUntilReady(readiness: Readiness, sawLine: () => boolean, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + readiness.patience;
  while (!signal.aborted) {
    const lacking = await whatLacks(readiness, sawLine);
    if (lacking === undefined) return;
    if (Date.now() > deadline)
      throw new Error(`it was not ready after ${Math.round(readiness.patience / 1000)} s: ${lacking}`);
    await sleep(pause);
  }
}

async function whatLacks(readiness: Readiness, sawLine: () => boolean): Promise<string | undefined> {
  if (readiness.line && !sawLine()) return `it has not printed "${readiness.line}"`;
  if (readiness.port && !(await answers(readiness.port))) return `nothing listens on port ${readiness.port}`;
  for (const url of readiness.urls) {
    const fault = await faultOf(url);
    if (fault) return `${url} ${fault}`;
  }
  return undefined;
}

async function faultOf(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5000), headers: { connection: 'close' } });
    await response.arrayBuffer();
    return response.ok ? undefined : `answers ${response.status}`;
  } catch {
    return 'does not answer';
  }
}
