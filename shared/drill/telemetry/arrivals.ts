import { setTimeout as sleep } from 'node:timers/promises';
import type { Shot } from '../load/shot.ts';
import type { Target } from '../load/target.ts';
import { missingLines, missingSpans, type Places, type Where } from './places.ts';

/** Which telemetry of some requests has not arrived, by request, and where it was looked for. */
export interface Arrivals {
  spans: Arrival;
  lines: Arrival;
}

export type Arrival = { where: string; missing: Shot[] } | { unreadable: string };

/** A search is expensive for Tempo. */
const pause = 1000;

/**
 * Waits until every request has its span and the last of its log lines.
 * @param patience milliseconds after which telemetry counts as missing
 */
export async function awaitArrivals(
  places: Places,
  { lastLine }: Target,
  shots: Shot[],
  patience: number,
  signal: AbortSignal,
): Promise<Arrivals> {
  const deadline = Date.now() + patience;
  const [spans, lines] = await Promise.all([
    wait(places.spans, shots, deadline, signal, missingSpans),
    wait(places.lines, shots, deadline, signal, (read, left) => missingLines(read, left, lastLine)),
  ]);
  return { spans, lines };
}

async function wait<T>(
  place: Where<T>,
  shots: Shot[],
  deadline: number,
  signal: AbortSignal,
  stillMissing: (read: T, left: Shot[]) => Promise<Shot[]>,
): Promise<Arrival> {
  if ('unreadable' in place) return place;
  for (let missing = shots; ;) {
    missing = await stillMissing(place.read, missing);
    if (missing.length === 0 || Date.now() > deadline) return { where: place.where, missing };
    await sleep(pause, undefined, { signal });
  }
}
