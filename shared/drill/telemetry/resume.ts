import { shoot } from '../load/load.ts';
import type { Shot } from '../load/shot.ts';
import { wrongAnswers, type Target } from '../load/target.ts';
import { serviceOf } from '../steps/wait.ts';
import type { Drill, Finding } from '../step.ts';
import { awaitArrivals, type Arrivals } from './arrivals.ts';
import { arrivalFindings } from './findings.ts';
import { placesOf } from './places.ts';

const patience = 60_000;
/**
 * Telemetry that was sent too early may be lost; this is how long to wait, in milliseconds, before the next request.
 */
const patienceForOne = 15_000;

/** Makes requests until one has its span and its lines: telemetry flows again. */
export async function telemetryResumes(drill: Drill, target: Target): Promise<Finding[]> {
  const since = Date.now();
  const places = placesOf(drill.stage, target.service, since - 1000);
  for (;;) {
    const shot = await oneAnswered(drill, target);
    const arrivals = await awaitArrivals(places, target, [shot], patienceForOne, drill.signal);
    if (hasArrived(arrivals) || Date.now() > since + patience) {
      const made = ((shot.sentAt! - since) / 1000).toFixed(1);
      return arrivalFindings(`a request made ${made} s after it was back`, [shot], arrivals);
    }
  }
}

/** The die that never fails, so that its last line is known; asked again if a request came too early. */
async function oneAnswered(drill: Drill, target: Target): Promise<Shot> {
  const { url } = serviceOf(drill, target.service);
  for (let left = 20; ; left--) {
    drill.signal.throwIfAborted();
    const { shot, done } = shoot(url, target.paths[0]!);
    await done;
    if (wrongAnswers(target, [shot]).length === 0) return shot;
    if (left === 0) throw new Error(`${target.paths[0]} was answered ${shot.status ?? shot.fault}`);
  }
}

function hasArrived({ spans, lines }: Arrivals): boolean {
  return [spans, lines].every((arrival) => 'unreadable' in arrival || arrival.missing.length === 0);
}
