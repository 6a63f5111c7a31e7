import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../runtime/problem.ts';
import { isPending, judged, type Check, type Place } from './compare/check.ts';
import { pending } from './compare/fault.ts';
import type { Reader } from './read/reader.ts';

/** Asking too often would burden a back end: a tenth of the patience, two seconds at most. */
const longestPause = 2000;

/**
 * Reads and compares again until nothing is missing any more, or until what was emitted must have arrived.
 * @param thing what stands in the table if the source cannot be read at all
 * @param mostPatience milliseconds, where the reader has more patience than that
 */
export async function settle<T>(
  thing: Omit<Place, 'source'>,
  reader: Reader<T>,
  compare: (seen: T) => Check[],
  mostPatience: number,
): Promise<Check[]> {
  const deadline = Date.now() + Math.min(reader.patience, mostPatience);
  const pause = Math.min(longestPause, reader.patience / 10);
  for (;;) {
    const checks = await reader.read().then(compare, (error) => [unreadable(thing, reader.name, error)]);
    if (!checks.some(isPending) || Date.now() + pause > deadline) return checks;
    await sleep(pause);
  }
}

function unreadable(thing: Omit<Place, 'source'>, source: string, error: unknown): Check {
  const fault = pending('unreadable', { reason: messageOf(error) });
  return judged({ ...thing, source }, [fault], 'Check whether it is running, and what its log says.');
}
