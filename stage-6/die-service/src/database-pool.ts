import postgres from 'postgres';
import { config } from './config.ts';
import type { Failure } from './database-retry.ts';
import { databasePoolAvailable, databasePoolSize } from './metrics.ts';

export type Client = ReturnType<typeof openClient>;

// How long a query may take once it has a connection; a server that needs longer is silent.
const ANSWER_LIMIT_MS = 1000;

const size = config.databasePoolSize;
const waiting = new Set<() => void>();
let inUse = 0;
let client = openClient(size);

databasePoolSize.set(size);
databasePoolAvailable.set(size);

// PostgreSQL itself ends a query that is slow, for example because it waits for a lock.
export function openClient(max: number, statement_timeout = 800) {
  return postgres(config.databaseUrl, {
    max,
    connect_timeout: 0.8,
    // retry() waits already; by default the pauses here grow to 20 s, and outlast the outage.
    backoff: () => 0.05,
    // Otherwise each connection begins with a query for all types, of which we need one.
    fetch_types: false,
    types: {
      integers: {
        to: 1007,
        from: [1007],
        serialize: (numbers: number[]) => `{${numbers}}`,
        parse: (text: string) => JSON.parse(`[${text.slice(1, -1).toLowerCase()}]`),
      },
    },
    connection: { application_name: 'die-service', statement_timeout },
    onnotice() {},
  });
}

// postgres.js does not say how many of its connections are in use, so they are counted before it.
export function isExhausted(): boolean {
  return inUse === size;
}

function failure(code: string, message: string): Failure {
  return Object.assign(new Error(message), { code });
}

function connectionIsFree(deadline: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const take = () => (clearTimeout(timer), resolve());
    const giveUp = () => (waiting.delete(take), reject(failure('POOL_EXHAUSTED', 'No connection became free')));
    const timer = setTimeout(giveUp, Math.max(0, deadline - performance.now()));
    waiting.add(take);
  });
}

async function takeConnection(deadline: number): Promise<void> {
  if (isExhausted()) return connectionIsFree(deadline);

  inUse++;
  databasePoolAvailable.set(size - inUse);
}

function giveConnectionBack(): void {
  const [next] = waiting;

  if (next) {
    waiting.delete(next);
    next();
  } else {
    inUse--;
    databasePoolAvailable.set(size - inUse);
  }
}

async function inTime<T>(answer: PromiseLike<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(failure('NO_ANSWER', 'The database does not answer')), ANSWER_LIMIT_MS);

  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

// postgres.js 3.4 can lose track of a connection that breaks while it is written to, and then never uses it again
// (its issues 1133 and 1193). So a client that is silent is replaced; this ends what still waits for the old one.
function replace(silent: Client): void {
  if (client !== silent) return;

  client = openClient(size);
  silent.end({ timeout: 0 });
}

export async function withConnection<T>(query: (sql: Client) => PromiseLike<T>, deadline: number): Promise<T> {
  await takeConnection(deadline);
  const used = client;

  try {
    return await inTime(query(used));
  } catch (error) {
    if ((error as Failure).code === 'NO_ANSWER') replace(used);
    throw error;
  } finally {
    giveConnectionBack();
  }
}

export async function closeDatabase(): Promise<void> {
  await client.end({ timeout: 1 });
}
