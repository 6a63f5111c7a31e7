import { answerForm } from '../../../lib/answer-form.ts';
import { isForeign } from '../../../lib/form-limits.ts';
import { logger } from '../../../lib/logger.ts';
import { reject } from '../../../lib/reject.ts';
import { endSession, readSession } from '../../../lib/session.ts';

export async function POST(request: Request): Promise<Response> {
  if (isForeign(request)) return reject(403, 'Another site may not sign a visitor out');

  const session = await readSession();

  if (session) logger.info('Signed out');
  await endSession(session);

  return answerForm(request, new Response(null, { status: 204 }));
}

export { postOnly as DELETE, postOnly as GET, postOnly as OPTIONS } from '../../../lib/reject.ts';
export { postOnly as PATCH, postOnly as PUT } from '../../../lib/reject.ts';
