import { setTimeout as sleep } from 'node:timers/promises';
import { judge, notChecked, type Finding } from '../step.ts';

/**
 * In MiB, over the second half. Nothing outside can make a process collect its garbage, and without a limit it uses
 * much of the machine's memory first: dice-roller levels off about 150 MiB above its start. So this finds a service that
 * keeps some 32 KiB of each of 5,000 requests, but not one that keeps less.
 */
const mostGrowth = 160;
const pause = 500;

/** In MiB, as far as it can be read. */
export interface Watched {
  before?: number | undefined;
  halfway?: number | undefined;
  highest?: number | undefined;
}

/** Reads a service's memory again and again until it is ended. */
export async function watchMemory(
  read: () => Promise<number | undefined>,
): Promise<{ seen: Watched; end: () => Promise<void> }> {
  const before = await read();
  const seen: Watched = { before, highest: before };
  const ending = new AbortController();
  const watch = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      const now = await read().catch(() => undefined);
      if (now !== undefined && now > (seen.highest ?? 0)) seen.highest = now;
      await sleep(pause, undefined, { signal: ending.signal }).catch(() => undefined);
    }
  };
  const watching = watch();
  const end = (): Promise<void> => (ending.abort(), watching);
  return { seen, end };
}

export function memoryFinding({ before, halfway, highest }: Watched, after: number | undefined): Finding {
  const what = `memory levels off (it grows by at most ${mostGrowth} MiB in the second half)`;
  if (halfway === undefined || after === undefined) return notChecked(what, 'it cannot be read on this machine');
  const [first, half, most, last] = [before, halfway, highest, after].map((value) => value?.toFixed(0));
  const saw = `${first} MiB before, ${half} halfway, ${most} at most, ${last} after`;
  return judge(after - halfway <= mostGrowth, what, saw);
}
