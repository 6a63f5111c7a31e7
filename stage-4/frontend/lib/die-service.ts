import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import { config } from './config.ts';
import { confirmDie } from './dice.ts';
import { cut, logger } from './logger.ts';
import { send } from './send.ts';
import { errorType, failSpan, withSpan } from './tracing.ts';

// This starts its own trace, because page views are not traced. Without an answer there are no dice.
export function fetchDice(): Promise<string[]> {
  return context.with(ROOT_CONTEXT, () =>
    withSpan('die list fetch', () => requestList().then(reportList).catch(reportFailure)),
  );
}

async function requestList(): Promise<string[]> {
  const { status, body } = await send(`${config.dieServiceUrl}/dice`, 2000);

  if (status !== 200) throw Object.assign(new Error(`die-service answered ${status}`), { code: String(status) });

  return JSON.parse(body).identifiers;
}

function reportList(identifiers: string[]): string[] {
  identifiers.forEach(confirmDie);
  // However many dice there are, the log line stays short.
  logger.info('Die list fetched', { identifiers: identifiers.slice(0, 20), count: identifiers.length });

  return identifiers;
}

function reportFailure(error: Error): string[] {
  logger.error('Die list fetch failed', { error: cut(String(error.cause ?? error)) });
  failSpan(errorType(error));

  return [];
}
