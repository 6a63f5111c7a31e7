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

// Only a lost connection is worth another try; a wrong query stays wrong. No try starts after the deadline.
export async function retry<T>(attempt: () => Promise<T>, deadline: number, onRetry: (error: Failure) => void) {
  for (let pause = 50; ; pause = Math.min(pause * 2, 1000)) {
    try {
      return await attempt();
    } catch (error) {
      // Jitter: clients that failed together must not retry together.
      const wait = pause * (0.5 + Math.random() / 2);
      if (!isConnectionFailure(error as Failure) || performance.now() + wait > deadline) throw error;

      onRetry(error as Failure);
      await sleep(wait);
    }
  }
}
