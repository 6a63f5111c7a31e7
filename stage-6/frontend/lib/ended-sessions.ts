// A client may have kept a copy of its cookie, valid until it expires. So this process remembers which sessions
// have ended. After a restart with the same SESSION_SECRET, such a copy is valid again.
const shared = globalThis as { endedSessions?: Map<string, number> };
const ended = (shared.endedSessions ??= new Map());

export function rememberEnd(id: string, lifetime: number): void {
  const now = Date.now() / 1000;

  // Not by a timer for each: it would keep its whole request in memory until then.
  for (const [other, expiry] of ended) if (expiry < now) ended.delete(other);
  ended.set(id, now + lifetime);
}

export function hasEnded(id: string): boolean {
  return ended.has(id);
}
