import { logger } from './logger.ts';

export function reject(status: number, error: string, headers?: HeadersInit): Response {
  logger.warn('Request rejected', { error });

  return Response.json({ error }, { status, headers });
}

export function postOnly(): Response {
  return reject(405, 'This path answers POST only', { Allow: 'POST' });
}
