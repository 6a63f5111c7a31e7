import postgres from 'postgres';
import { config } from './config.ts';
import type { Failure } from './database-retry.ts';

export type Client = ReturnType<typeof openClient>;
export type Query<T> = (sql: Client) => PromiseLike<T>;

// A server that takes longer has gone silent: it ends its own slow queries earlier.
const ANSWER_LIMIT_MS = 1000;

let client = openClient(config.databasePoolSize);

// PostgreSQL itself ends a slow query, for example one that waits for a lock.
export function openClient(max: number, statement_timeout = 800) {
  return postgres(config.databaseUrl, {
    max,
    connect_timeout: 0.8,
    // retry() already waits; the default pauses grow to 20 s and outlast the outage.
    backoff: () => 0.05,
    // The query that each connection would begin with ends the process if the connection breaks during it.
    fetch_types: false,
    connection: { application_name: 'die-service', statement_timeout },
    onnotice() {},
  });
}

export async function within<T>(ms: number, code: string, message: string, work: PromiseLike<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(Object.assign(new Error(message), { code })), Math.max(1, ms));

  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

// postgres.js 3.4 can lose track of a connection that breaks during a write, and then never uses it again (its issues
// 1133 and 1193). So we replace a silent client and end the queries that are still waiting for the old one.
export async function ask<T>(query: Query<T>): Promise<T> {
  const asked = client;

  try {
    return await within(ANSWER_LIMIT_MS, 'NO_ANSWER', 'The database did not answer', query(asked));
  } catch (error) {
    if ((error as Failure).code === 'NO_ANSWER' && client === asked) {
      client = openClient(config.databasePoolSize);
      asked.end({ timeout: 0 });
    }
    throw error;
  }
}

export async function closeDatabase(): Promise<void> {
  await client.end({ timeout: 1 });
}
