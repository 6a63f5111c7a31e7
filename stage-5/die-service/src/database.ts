import { trace } from '@opentelemetry/api';
import createError from 'http-errors';
import { isExhausted, withConnection, type Client } from './database-pool.ts';
import { isConnectionFailure, retry } from './database-retry.ts';
import type { Specification } from './dice-file.ts';
import { cut, logger } from './logger.ts';
import { databaseQueries, databaseQueryDuration } from './metrics.ts';
import { sampledTrace } from './sampled-trace.ts';

// No new try after this time: with the last one's own limit it is less than the two seconds that dice-roller waits.
const RETRY_LIMIT_MS = 800;

type Query<T> = (sql: Client) => PromiseLike<T>;

interface Row extends Specification {
  identifier: string;
}

interface Fields {
  query_type: 'list' | 'get';
  identifier?: string;
}

export async function selectIdentifiers(): Promise<string[]> {
  const rows = await ask({ query_type: 'list' }, (sql) => sql<Row[]>`SELECT identifier FROM die_specifications`);

  return rows.map(({ identifier }) => identifier).sort();
}

export async function selectSpecification(identifier: string): Promise<Specification | undefined> {
  // PostgreSQL has no text with a NUL in it, and calls it an error.
  if (identifier.includes('\0')) return undefined;

  const fields: Fields = { query_type: 'get', identifier: cut(identifier) };
  const [row] = await ask(
    fields,
    (sql) => sql<Row[]>`SELECT * FROM die_specifications WHERE identifier = ${identifier}`,
  );

  return row && { faces: row.faces, error_rate: row.error_rate };
}

export async function isDatabaseReady(): Promise<boolean> {
  const query: Query<unknown> = (sql) => sql`SELECT FROM die_specifications LIMIT 1`;

  return withConnection(query, performance.now() + RETRY_LIMIT_MS).then(
    () => true,
    () => false,
  );
}

async function ask<T>(fields: Fields, query: Query<T>): Promise<T> {
  const started = performance.now();
  const deadline = started + RETRY_LIMIT_MS;
  if (isExhausted()) logger.warn('Database connection pool exhausted', fields);

  try {
    const answer = await retry(() => attempt(query, deadline), deadline);
    observe(fields, 'success', started);
    logger.info('Database query executed', fields);

    return answer;
  } catch (error) {
    observe(fields, 'error', started);
    logger.error('Database query failed', { ...fields, error: (error as Error).message });
    trace.getActiveSpan()?.recordException(error as Error);
    throw createError(503, 'The database cannot be asked now');
  }
}

async function attempt<T>(query: Query<T>, deadline: number): Promise<T> {
  try {
    const answer = await withConnection(query, deadline);
    noteConnection(true);

    return answer;
  } catch (error) {
    if (isConnectionFailure(error as Error)) noteConnection(false, error as Error);
    throw error;
  }
}

let connected: boolean | undefined;

// Said once when it comes and once when it goes, not by each request that sees it.
function noteConnection(now: boolean, error?: Error): void {
  if (now === connected) return;

  connected = now;
  if (now) logger.info('Database connection established');
  else logger.error('Database connection failed', { error: error!.message });
}

function observe({ query_type }: Fields, result: 'success' | 'error', started: number): void {
  const value = (performance.now() - started) / 1000;

  databaseQueries.inc({ query_type, result });
  databaseQueryDuration.observe({ labels: { query_type }, value, exemplarLabels: sampledTrace() });
}
