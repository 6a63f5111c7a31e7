import { setTimeout as sleep } from 'node:timers/promises';
import type { OwnService } from '../../verify/stage/running-stage.ts';
import type { Drill } from '../step.ts';

const pause = 200;
const startPatience = 60_000;

/** Asks until the condition is true or the patience is over; returns whether it became true. */
export async function until(isSo: () => Promise<boolean>, patience: number, signal: AbortSignal): Promise<boolean> {
  const deadline = Date.now() + patience;
  for (;;) {
    if (await isSo()) return true;
    if (Date.now() > deadline) return false;
    await sleep(pause, undefined, { signal });
  }
}

/** Waits until a service answers that it is alive; returns whether it did. */
export function untilAlive({ url }: OwnService, signal: AbortSignal): Promise<boolean> {
  const alive = (): Promise<boolean> =>
    fetch(`${url}/healthz`, { headers: { connection: 'close' }, signal: AbortSignal.timeout(5000) }).then(
      ({ ok }) => ok,
      () => false,
    );
  return until(alive, startPatience, signal);
}

/** A service of the stage by its name, which a step has named among its needs. */
export function serviceOf({ stage }: Drill, name: string): OwnService {
  return stage.services.find((service) => service.name === name)!;
}
