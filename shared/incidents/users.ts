import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import seedrandom from 'seedrandom';
import { signIn } from '../drill/sign-in.ts';
import { readComposeFile } from '../runtime/compose/compose-file.ts';
import { Problem } from '../runtime/problem.ts';
import type { RunningStage } from '../verify/stage/running-stage.ts';
import { pause } from './scene/pause.ts';

/** Who rolls dice in the background, and how. */
export interface Users {
  count: number;
  seed: string;
}

/** Milliseconds that a user looks at a result. */
const shortestLook = 300;
const longestLook = 900;
const patience = 30_000;

/**
 * Rolls dice through the front end, as users do, until the signal is given. Unlike the stage's traffic generator they
 * always want the dice of dice.json, whatever the service lists, and sign in again after the front end has forgotten them.
 */
export async function simulateUsers(stage: RunningStage, { count, seed }: Users, signal: AbortSignal): Promise<void> {
  const dice = Object.keys(JSON.parse(readFileSync(join(stage.directory, 'die-service/dice.json'), 'utf8')));
  const batches = offersBatches(stage.directory);
  const user = async (number: number): Promise<void> => {
    const random = seedrandom(`${seed}/${number}`);
    const roll = openUser(stage);
    while (!signal.aborted) {
      const die = dice[Math.floor(random() * dice.length)]!;
      const times = batches && random() < 0.3 ? 1 + Math.floor(random() * 8) : undefined;
      await roll(die, times);
      await pause(shortestLook + random() * (longestLook - shortestLook), signal);
    }
  };
  await Promise.all(Array.from({ length: count }, (_, index) => user(index)));
}

/** The stages with batches limit their size. */
function offersBatches(directory: string): boolean {
  const roller = readComposeFile(directory).services.find(({ name }) => name === 'dice-roller');
  return roller !== undefined && 'MAX_BATCH_SIZE' in roller.environment;
}

/** One user; what is answered, or that nothing is, does not matter to whoever looks at the telemetry. */
function openUser(stage: RunningStage): (die: string, times?: number) => Promise<void> {
  const frontend = stage.services.find(({ name }) => name === 'frontend');
  if (!frontend) throw new Problem(`${stage.name} has no front end, so it has no users.`);
  let headers: Record<string, string> | undefined;
  return async (die, times) => {
    headers ??= await signIn(stage, frontend).catch(() => undefined);
    const query = new URLSearchParams({ die, ...(times && { times: String(times), async: 'true' }) });
    const options = { ...(headers && { headers }), signal: AbortSignal.timeout(patience) };
    const response = await fetch(`${frontend.url}/api/roll?${query}`, options).catch(() => undefined);
    await response?.arrayBuffer().catch(() => undefined);
    if (response?.status === 401) headers = undefined;
  };
}
