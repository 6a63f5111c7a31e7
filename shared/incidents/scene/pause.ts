import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for some milliseconds, or until the signal is given if that is earlier. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
}

/** Waits until the signal is given. */
export async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}
