import { jwtVerify, SignJWT } from 'jose';
import { cookies, headers } from 'next/headers';
import { randomUUID } from 'node:crypto';
import { config } from './config.ts';
import { hasEnded, rememberEnd } from './ended-sessions.ts';

export interface Session {
  id: string;
  user: string;
}

const lifetime = 8 * 60 * 60;

// Next.js bundles each route separately. Without this, each would sign with its own random secret.
const shared = globalThis as { sessionSecret?: Uint8Array };
const secret = (shared.sessionSecret ??= Buffer.from(config.sessionSecret));

// The cookie is the whole session. Its signature keeps a client from making or changing one.
export async function startSession(user: string): Promise<void> {
  const token = await new SignJWT({ jti: randomUUID(), sub: user })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime(`${lifetime}s`)
    .sign(secret);

  (await cookies()).set('dice_session', token, { maxAge: lifetime, httpOnly: true, sameSite: 'strict' });
}

// Reads the header itself: of two cookies with that name, cookies() would hide one.
export async function readSession(): Promise<Session | undefined> {
  const sent = (await headers()).get('cookie') ?? '';
  const tokens = sent.split(';').flatMap((cookie) => /^\s*dice_session=(.*)/.exec(cookie)?.[1] ?? []);
  if (tokens.length !== 1) return undefined;

  const session = await verify(tokens[0]).catch(() => undefined);
  return session && !hasEnded(session.id) ? session : undefined;
}

async function verify(token: string): Promise<Session> {
  const { payload } = await jwtVerify(token, secret, { algorithms: ['HS256'], requiredClaims: ['exp', 'jti', 'sub'] });

  return { id: payload.jti!, user: payload.sub! };
}

export async function endSession(session?: Session): Promise<void> {
  if (session) rememberEnd(session.id, lifetime);

  (await cookies()).delete('dice_session');
}
