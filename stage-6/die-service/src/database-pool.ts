import { config } from './config.ts';
import { ask, within, type Query } from './database-client.ts';
import { databasePoolAvailable, databasePoolSize } from './metrics.ts';

const size = config.databasePoolSize;
const waiting = new Set<() => void>();
let inUse = 0;

databasePoolSize.set(size);
databasePoolAvailable.set(size);

// postgres.js does not say how many of its connections are in use, so we count them ourselves.
function count(change: 1 | -1): void {
  inUse += change;
  databasePoolAvailable.set(size - inUse);
}

export function isExhausted(): boolean {
  return inUse === size;
}

async function takeConnection(deadline: number): Promise<void> {
  if (!isExhausted()) return count(1);

  const { promise: handedOver, resolve } = Promise.withResolvers<void>();
  waiting.add(resolve);
  const left = deadline - performance.now();
  await within(left, 'POOL_EXHAUSTED', 'No connection became free', handedOver).finally(() => waiting.delete(resolve));
}

// Hands the connection straight to the query that has waited longest, so that no newcomer overtakes it.
function giveConnectionBack(): void {
  const [next] = waiting;
  if (!next) return count(-1);

  waiting.delete(next);
  next();
}

export async function withConnection<T>(query: Query<T>, deadline: number): Promise<T> {
  await takeConnection(deadline);

  return ask(query).finally(giveConnectionBack);
}
