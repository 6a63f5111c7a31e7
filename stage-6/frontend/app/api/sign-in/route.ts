import { answerForm } from '../../../lib/answer-form.ts';
import { isForeign, isTooLong } from '../../../lib/form-limits.ts';
import { logger } from '../../../lib/logger.ts';
import { reject } from '../../../lib/reject.ts';
import { startSession } from '../../../lib/session.ts';
import { readName } from '../../../lib/sign-in-name.ts';
import { reportSignIn } from '../../../lib/usage.ts';

export async function POST(request: Request): Promise<Response> {
  if (isForeign(request)) return reject(403, 'Another site may not sign a visitor in');

  return answerForm(request, await signIn(request));
}

async function signIn(request: Request): Promise<Response> {
  if (isTooLong(request)) return reject(413, 'The body must state its length, which may be 64 KiB at most');

  const user = await readName(request);
  if (!user) return reject(400, 'name must be given once, as 1 to 64 characters without control characters');

  await startSession(user);
  logger.info('Signed in');
  reportSignIn(user);

  return Response.json({ user });
}

export { postOnly as DELETE, postOnly as GET, postOnly as OPTIONS } from '../../../lib/reject.ts';
export { postOnly as PATCH, postOnly as PUT } from '../../../lib/reject.ts';
