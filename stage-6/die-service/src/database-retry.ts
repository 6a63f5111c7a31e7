import { trace } from '@opentelemetry/api';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Failure extends Error {
  code?: string;
}

const connectionFailures = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'],
  // The name of a container that is stopped.
  ...['ENOTFOUND', 'EAI_AGAIN'],
  // postgres.js lost the connection, or the server never answered.
  ...['CONNECT_TIMEOUT', 'CONNECTION_CLOSED', 'CONNECTION_DESTROYED', 'NO_ANSWER'],
  // PostgreSQL stops, has crashed, starts, or has too many connections.
  ...['57P01', '57P02', '57P03', '53300'],
]);

export function isConnectionFailure({ code }: Failure): boolean {
  return connectionFailures.has(code ?? '');
}

// Another try could mend a lost connection, but not a wrong query. None begins after the deadline.
export async function retry<T>(attempt: () => Promise<T>, deadline: number): Promise<T> {
  for (let pause = 50; ; pause *= 2) {
    try {
      return await attempt();
    } catch (error) {
      // By chance shorter, so that what failed together does not come back together.
      const wait = pause * (0.5 + Math.random() / 2);
      if (!isConnectionFailure(error as Failure) || performance.now() + wait > deadline) throw error;

      trace.getActiveSpan()?.addEvent('database.retry', { 'error.type': (error as Failure).code, wait_ms: wait });
      await sleep(wait);
    }
  }
}
