import createError from 'http-errors';
import { config } from './config.ts';
import type { Die } from './die.ts';
import { cut, logger } from './logger.ts';
import { dieServiceRequestDuration, dieServiceRequests, startAtZero } from './metrics.ts';
import { sampledTrace } from './sampled-trace.ts';

const confirmed = new Set<unknown>();

// A label names a die only once die-service has confirmed it: a client must not be able to create time series.
export function dieLabel(identifier: unknown): string {
  return confirmed.has(identifier) ? String(identifier) : 'unknown';
}

function confirm(identifier: string): void {
  if (!confirmed.has(identifier)) startAtZero(identifier);
  confirmed.add(identifier);
}

async function request(path: string) {
  try {
    const response = await fetch(config.dieServiceUrl + path, { signal: AbortSignal.timeout(2000) });
    // Always read it: the connection is free for the next request only once its answer has been read to the end.
    const body = await response.text();

    return { status: response.status, specification: response.ok ? JSON.parse(body) : undefined };
  } catch (error) {
    const { name, cause } = error as Error & { cause?: { code?: string } };

    return { status: 503, error: cause?.code ?? name };
  }
}

async function requestSpecification(identifier: string) {
  const started = performance.now();
  const answer = await request(`/dice?${new URLSearchParams({ identifier })}`);
  const value = (performance.now() - started) / 1000;

  if (answer.specification) confirm(identifier);
  dieServiceRequests.inc({ identifier: dieLabel(identifier), status: answer.status });
  dieServiceRequestDuration.observe({ labels: {}, value, exemplarLabels: sampledTrace() });

  return answer;
}

export async function findDie(identifier: unknown): Promise<Die | undefined> {
  if (typeof identifier !== 'string' || identifier === '') return undefined;

  logger.info('Querying die-service', { identifier: cut(identifier) });
  const { status, specification, error } = await requestSpecification(identifier);

  if (specification) return { type: identifier, faces: specification.faces, errorRate: specification.error_rate };

  logger.warn('die-service gave no specification', { identifier: cut(identifier), backend_status: status, error });
  // What die-service calls a client's mistake is our own client's mistake.
  if (status >= 400 && status < 500) return undefined;
  throw createError(503, 'die-service does not answer');
}

export async function isAlive(): Promise<boolean> {
  return (await request('/healthz')).status === 200;
}
