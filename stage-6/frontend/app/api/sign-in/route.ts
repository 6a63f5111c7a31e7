import { logger } from '../../../lib/logger.ts';
import { isForeign, reject } from '../../../lib/reject.ts';
import { startSession } from '../../../lib/session.ts';
import { readBody, readName } from '../../../lib/sign-in-name.ts';
import { reportSignIn } from '../../../lib/usage.ts';

export async function POST(request: Request): Promise<Response> {
  if (isForeign(request)) return reject(403, 'Another site may not sign a visitor in');

  // A client that goes away while it sends has sent no name.
  const body = await readBody(request).catch(() => new Response());
  if (!body) return reject(413, 'The body may have 64 KiB at most');

  const user = await readName(body);
  if (!user) return reject(400, 'name must be given once, as 1 to 64 characters without control characters');

  await startSession(user);
  logger.info('Signed in');
  reportSignIn(user);

  return Response.json({ user });
}

export { postOnly as DELETE, postOnly as GET, postOnly as OPTIONS } from '../../../lib/reject.ts';
export { postOnly as PATCH, postOnly as PUT } from '../../../lib/reject.ts';
