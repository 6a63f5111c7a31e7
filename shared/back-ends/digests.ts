import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { Problem } from '../runtime/problem.ts';

/** A SHA-256 in hexadecimal, and where it was read. */
export interface Digest {
  sha256: string;
  from: string;
}

/** The lock file beside the archives: the digest of each that was fetched. */
export const lockName = 'digests.lock.json';

const lockFile = z.record(z.string(), z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/), from: z.string() }));

/** The digest of a file in the output of sha256sum, or in a file that holds one digest and nothing else. */
export function digestIn(text: string, file: string): string | undefined {
  const lines = text.split(/\r?\n/).map((line) => /^([0-9a-f]{64})(?:\s+\*?(?:\.\/)?(\S+))?\s*$/i.exec(line));
  const found = lines.find((line) => line?.[2] === file) ?? (text.trim().includes('\n') ? undefined : lines[0]);
  return found && (found[2] ?? file) === file ? found[1]!.toLowerCase() : undefined;
}

/** Reads a lock file's text: digests by the archives' paths. @throws Problem naming the file that is wrong */
export function parseLock(text: string, name: string): Record<string, Digest> {
  try {
    return lockFile.parse(JSON.parse(text));
  } catch {
    throw new Problem(`${name} is damaged. Remove it and fetch again.`);
  }
}

export function readLock(file: string): Record<string, Digest> {
  return existsSync(file) ? parseLock(readFileSync(file, 'utf8'), file) : {};
}

/** Adds one archive's digest to the lock file. */
export function addToLock(file: string, path: string, digest: Digest): void {
  mkdirSync(dirname(file), { recursive: true });
  const entries = Object.entries({ ...readLock(file), [path]: digest }).sort(([one], [other]) =>
    one < other ? -1 : 1,
  );
  writeFileSync(file, `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`);
}

/** The SHA-256 of a file, in hexadecimal. */
export async function digestOfFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
