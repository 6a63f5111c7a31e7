import { jwtVerify, SignJWT } from 'jose';
import { cookies, headers } from 'next/headers';
import { randomUUID } from 'node:crypto';
import { config } from './config.ts';

export interface Session {
  id: string;
  user: string;
}

const lifetime = 8 * 60 * 60;

// Next.js bundles each route by itself. Without this, each would have a secret and a memory of its own.
const shared = globalThis as { sessions?: { secret: Uint8Array; ended: Map<string, number> } };
const { secret, ended } = (shared.sessions ??= { secret: Buffer.from(config.sessionSecret), ended: new Map() });

// The cookie is all that there is of a session. Its signature keeps a client from making or changing one.
export async function startSession(user: string): Promise<void> {
  const token = await new SignJWT({ jti: randomUUID(), sub: user })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime(`${lifetime}s`)
    .sign(secret);

  (await cookies()).set('session', token, { maxAge: lifetime, httpOnly: true, sameSite: 'strict' });
}

// Reads the header itself: of two cookies with that name, cookies() would hide one.
export async function readSession(): Promise<Session | undefined> {
  const sent = (await headers()).get('cookie') ?? '';
  const tokens = sent.split('; ').flatMap((cookie) => /^session=(.*)/.exec(cookie)?.[1] ?? []);
  if (tokens.length !== 1) return undefined;

  const session = await verify(tokens[0]).catch(() => undefined);
  return session && !ended.has(session.id) ? session : undefined;
}

async function verify(token: string): Promise<Session> {
  const { payload } = await jwtVerify(token, secret, { algorithms: ['HS256'], requiredClaims: ['exp', 'jti', 'sub'] });

  return { id: payload.jti!, user: payload.sub! };
}

// The browser drops its cookie. A copy of it is refused by its id, until it has expired anyway. Only this process knows:
// after a restart with the same SESSION_SECRET, a copy is good again.
export async function endSession(session?: Session): Promise<void> {
  const now = Date.now();

  // Not by a timer for each: it would keep its whole request in memory until then.
  for (const [id, expiry] of ended) if (expiry < now) ended.delete(id);
  if (session) ended.set(session.id, now + lifetime * 1000);

  (await cookies()).delete('session');
}
