import type { Answered, MadeRequest, RequestKind } from '../compare/requests.ts';
import type { Contract } from '../contract/contract.ts';
import { scrape } from '../read/metrics-readers.ts';
import type { Traffic } from '../observe.ts';
import type { RunningStage } from '../stage/running-stage.ts';
import type { Cookies } from './cookies.ts';
import { makeRequests } from './requests.ts';

/** Up to 20 rolls in ten seconds, whatever a stage calls the limit of one user. */
const eachUser = { MAX_ROLLS_PER_USER: '20', MAX_REQUESTS_PER_USER: '20' };

/** Their 300 rolls miss a face of a die, or a failure, less than once in a hundred thousand times. */
export const manyUsers = 25;

/**
 * The number of users in each round. Without Tempo, telemetry can be read at once, so a small round comes first, which
 * usually has everything; the second has what is still missing. Tempo needs many traces to show its metrics.
 */
export function usersOfRounds({ backEnd }: RunningStage): [number, number] {
  return 'url' in backEnd('tempo') ? [manyUsers, manyUsers] : [8, 17];
}

/** The counter of requests that the specification gives to every service with an HTTP API of its own. */
const counter = 'http_requests_total';

/** Runs the stage's own traffic generator to its end. */
function rollDice(stage: RunningStage, seed: string, users: number): Promise<void> {
  return stage.runTraffic({ ...eachUser, NUM_USERS: String(users), SEED: seed });
}

/**
 * Keeps dice rolling while panels are asked: a rate needs growth between two samples, and Tempo writes its metrics four
 * times a minute only. Where there is no back end to ask, nothing is rolled.
 */
export async function rollForPanels(stage: RunningStage, users: number): Promise<void> {
  const backEnds = ['prometheus', 'loki', 'tempo'].map(stage.backEnd);
  if (backEnds.some((backEnd) => 'url' in backEnd)) await rollDice(stage, 'panels', users);
}

/**
 * One round: the stage's own traffic generator with a seed and a number of users, then the contract's requests, and how
 * many requests the services counted meanwhile.
 */
export async function driveRound(
  stage: RunningStage,
  contract: Contract,
  seed: string,
  users: number,
): Promise<Traffic> {
  const counting = stage.services.filter(({ name }) => counter in (contract.services[name]?.metrics ?? {}));
  const before = new Map<string, number>();
  for (const service of counting) before.set(service.name, await countRequests(scrape(service)));
  const from = Date.now();
  await rollDice(stage, seed, users);
  const jars = new Map<string, Cookies>();
  const make = (kind: RequestKind): Promise<MadeRequest[]> => makeRequests(contract, kind, stage.services, jars);
  const requests = [...(await make('requests')), ...(await make('hung_up')), ...(await make('silent'))];
  const to = Date.now();
  const answered: Answered[] = [];
  for (const service of counting) {
    const count = (await countRequests(scrape(service))) - before.get(service.name)!;
    answered.push({ service: service.name, count, from, to });
  }
  // These are counted and have no span.
  requests.push(...(await make('unsampled')));
  return { requests, answered };
}

async function countRequests(reader: ReturnType<typeof scrape>): Promise<number> {
  const metric = (await reader.read()).find(({ name }) => name === counter);
  return metric?.series.reduce((sum, { count }) => sum + count, 0) ?? 0;
}
