import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import { config } from './config.ts';
import { confirmDie } from './dice.ts';
import { cut, logger } from './logger.ts';
import { failSpan, withSpan } from './tracing.ts';

// A trace of its own, because the view of a page has none. Without an answer there are no dice.
export function fetchDice(): Promise<string[]> {
  return context.with(ROOT_CONTEXT, () =>
    withSpan('die list fetch', () => requestList().then(reportList, reportFailure)),
  );
}

async function requestList(): Promise<string[]> {
  const response = await fetch(`${config.dieServiceUrl}/dice`, {
    cache: 'no-store',
    signal: AbortSignal.timeout(2000),
  });
  const body = await response.text();

  if (!response.ok) throw new Error(`die-service answered ${response.status}`);

  return JSON.parse(body).identifiers;
}

function reportList(identifiers: string[]): string[] {
  identifiers.forEach(confirmDie);
  logger.info('Die list fetched', { identifiers });

  return identifiers;
}

function reportFailure(error: Error): string[] {
  logger.error('Die list fetch failed', { error: cut(String(error.cause ?? error)) });
  failSpan(error);

  return [];
}
