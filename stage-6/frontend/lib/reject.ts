import { logger } from './logger.ts';

export function reject(status: number, error: string, headers?: HeadersInit): Response {
  logger.warn('Request rejected', { error });

  return Response.json({ error }, { status, headers });
}

// The form of another site can post here, too. SameSite keeps the cookie from it, not the request.
export function isForeign(request: Request): boolean {
  return request.headers.get('sec-fetch-site') === 'cross-site';
}

export function postOnly(): Response {
  return reject(405, 'This path answers POST only', { Allow: 'POST' });
}
