import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { Problem } from '../runtime/problem.ts';
import { digestIn, lockName, parseLock, type Digest } from './digests.ts';
import { retrying } from './download.ts';
import type { Archive } from './releases.ts';
import { openWeb, type Answer } from './web.ts';

/** Where archives come from. */
export interface Source {
  /** The bytes of an archive from an offset on. */
  open: (archive: Archive, from: number, signal: AbortSignal) => Promise<Answer>;
  /** The digest that an archive should have. @throws Problem where the source has none */
  digest: (archive: Archive, signal: AbortSignal) => Promise<Digest>;
}

/**
 * The projects themselves, or a teacher's machine.
 * @param from the address or folder of a teacher's archives; undefined for the projects
 */
export function openSource(from: string | undefined): Source {
  if (!from) return projects();
  return /^https?:\/\//.test(from) ? teacher(from.replace(/\/+$/, '')) : folder(resolve(from));
}

function projects(): Source {
  const web = openWeb('by proxy');
  return {
    open: ({ url }, from, signal) => web.read(url, from, signal),
    digest: async ({ checksums, url }, signal) => {
      const file = await retrying(async () => text((await web.read(checksums, 0, signal)).body), signal);
      const sha256 = digestIn(file, decodeURIComponent(new URL(url).pathname.split('/').at(-1)!));
      if (sha256) return { sha256, from: checksums };
      throw new Problem(`${checksums} does not list ${url}. Has the project renamed it? See back-ends.yaml.`);
    },
  };
}

/** A teacher's machine is in the room, so no proxy is used. */
function teacher(address: string): Source {
  const web = openWeb('direct');
  const lock = `${address}/${lockName}`;
  return {
    open: ({ path }, from, signal) => web.read(`${address}/${path}`, from, signal),
    digest: async (archive, signal) =>
      locked(await retrying(async () => text((await web.read(lock, 0, signal)).body), signal), archive, lock),
  };
}

function folder(given: string): Source {
  const root = existsSync(join(given, 'archives')) ? join(given, 'archives') : given;
  const lock = join(root, lockName);
  return {
    open: async ({ path }, start) => {
      const file = join(root, path);
      if (!existsSync(file)) throw new Problem(`${file} does not exist.`);
      return { body: createReadStream(file, { start }), start, total: statSync(file).size };
    },
    digest: async (archive) => {
      if (!existsSync(lock))
        throw new Problem(`${root} has no ${lockName}: it is not a folder that make back-ends made.`);
      return locked(readFileSync(lock, 'utf8'), archive, lock);
    },
  };
}

function locked(content: string, { path, platform }: Archive, lock: string): Digest {
  const digest = parseLock(content, lock)[path];
  if (digest) return { sha256: digest.sha256, from: lock };
  throw new Problem(`${lock} does not list ${path}. On the teacher's machine: make back-ends PLATFORM=${platform}`);
}
