import { createHmac, randomBytes } from 'node:crypto';

export function newSalt(): string {
  return randomBytes(16).toString('hex');
}

/** A salted hash. It hides the value from everyone who does not try all possible ones. */
export function seal(salt: string, what: string, value: string | number): string {
  return createHmac('sha256', salt).update(`${what}=${value}`).digest('base64url');
}

/** The one of some values that was sealed, if it is among them. */
export function unseal<T>(
  sealed: string,
  { salt, what, values, textOf }: { salt: string; what: string; values: Iterable<T>; textOf: (value: T) => string },
): T | undefined {
  for (const value of values) if (seal(salt, what, textOf(value)) === sealed) return value;
  return undefined;
}
