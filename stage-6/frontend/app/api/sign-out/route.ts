import { logger } from '../../../lib/logger.ts';
import { endSession, readSession } from '../../../lib/session.ts';

export async function POST(): Promise<Response> {
  const session = await readSession();

  if (session) logger.info('Signed out');
  await endSession(session);

  return new Response(null, { status: 204 });
}

export { postOnly as DELETE, postOnly as GET, postOnly as OPTIONS } from '../../../lib/reject.ts';
export { postOnly as PATCH, postOnly as PUT } from '../../../lib/reject.ts';
