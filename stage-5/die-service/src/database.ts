import { context, createContextKey } from '@opentelemetry/api';
import createError from 'http-errors';
import type { Query } from './database-client.ts';
import { isExhausted, withConnection } from './database-pool.ts';
import { isConnectionFailure, retry, type Failure } from './database-retry.ts';
import type { Specification } from './dice-file.ts';
import { cut, logger } from './logger.ts';
import { databaseQueries, databaseQueryDuration } from './metrics.ts';
import { sampledTrace } from './sampled-trace.ts';

// Start no retry after 800 ms; with the last attempt's 1 s limit this stays below dice-roller's 2 s timeout.
const RETRY_LIMIT_MS = 800;

// The instrumentation takes a query's summary from the context, so that nothing has to parse SQL.
const summaryKey = createContextKey('db.query.summary');

export interface Row extends Specification {
  identifier: string;
}

interface Fields {
  query_type: 'list' | 'get';
  identifier?: string;
}

// As JSON: postgres.js reads arrays only with an extra query on each connection.
export async function selectSpecifications(): Promise<Row[]> {
  return runQuery(
    { query_type: 'list' },
    (sql) => sql<Row[]>`SELECT identifier, to_json(faces) AS faces, error_rate FROM die_specifications`,
  );
}

export async function selectSpecification(identifier: string): Promise<Row | undefined> {
  // PostgreSQL allows no NUL in a text, and reports an error.
  if (identifier.includes('\0')) return undefined;

  const [row] = await runQuery(
    { query_type: 'get', identifier: cut(identifier) },
    (sql) => sql<Row[]>`
      SELECT identifier, to_json(faces) AS faces, error_rate FROM die_specifications WHERE identifier = ${identifier}`,
  );

  return row;
}

export async function isDatabaseReady(): Promise<boolean> {
  return withConnection((sql) => sql`SELECT FROM die_specifications LIMIT 1`, performance.now() + RETRY_LIMIT_MS).then(
    () => true,
    () => false,
  );
}

async function runQuery<T>(fields: Fields, query: Query<T>): Promise<T> {
  const started = performance.now();
  const deadline = started + RETRY_LIMIT_MS;
  const onRetry = ({ message }: Failure) => logger.warn('Database query retried', { ...fields, error: message });
  if (isExhausted()) logger.warn('Database connection pool exhausted', fields);

  try {
    const answer = await retry(() => attempt(query, deadline), deadline, onRetry);
    observe(fields, 'success', started);
    logger.info('Database query executed', fields);

    return answer;
  } catch (error) {
    observe(fields, 'error', started);
    logger.error('Database query failed', { ...fields, error: (error as Error).message });
    throw createError(503, 'The database is unavailable', { headers: { 'Retry-After': '1' } });
  }
}

async function attempt<T>(query: Query<T>, deadline: number): Promise<T> {
  const summarized = context.active().setValue(summaryKey, 'SELECT die_specifications');

  try {
    const answer = await context.with(summarized, () => withConnection(query, deadline));
    noteConnection(true);

    return answer;
  } catch (error) {
    if (isConnectionFailure(error as Failure)) noteConnection(false, error as Failure);
    throw error;
  }
}

let connected: boolean | undefined;

// Log only connection state changes, not every failing request.
function noteConnection(now: boolean, error?: Failure): void {
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
