import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, Problem } from '../runtime/problem.ts';
import { addToLock, digestOfFile, lockName, readLock, type Digest } from './digests.ts';
import { download } from './download.ts';
import type { Progress } from './progress.ts';
import type { Archive } from './releases.ts';
import type { Source } from './source.ts';
import { isFull, unpack } from './unpack.ts';
import { PassingFault } from './web.ts';

export interface Options {
  source: Source;
  /** Where archives and programs go. */
  folder: string;
  /** The platform whose archives are unpacked; others are fetched for other machines. */
  platform: string;
  progress: Progress;
  signal: AbortSignal;
}

/**
 * Fetches archives in parallel, checks each against its digest, and unpacks this machine's.
 * @throws Problem with everything that went wrong; complete downloads are kept
 */
export async function fetchBackEnds(archives: Archive[], options: Options): Promise<void> {
  const results = await Promise.allSettled(archives.map((archive) => fetchOne(archive, options)));
  const failed = results.flatMap((result, index) =>
    result.status === 'rejected' ? [`${archives[index]!.name}: ${faultText(result.reason, options)}`] : [],
  );
  if (options.signal.aborted)
    throw new Problem('Interrupted. What was downloaded is kept: run make back-ends again to continue.');
  const unreached = results.some((each) => each.status === 'rejected' && each.reason.cause instanceof PassingFault);
  if (failed.length > 0) throw new Problem([...failed, ...(unreached ? [networkAdvice] : [])].join('\n'));
}

const networkAdvice =
  "Is this machine online? Behind a proxy, set HTTPS_PROXY. From a teacher's machine: BACK_ENDS_FROM=http://…";

/** Where a program is unpacked: `<folder>/linux-amd64/loki-3.7.6`. */
function programFolder({ name, version, platform }: Archive, folder: string): string {
  return join(folder, platform, `${name}-${version}`);
}

async function fetchOne(archive: Archive, options: Options): Promise<void> {
  const { name, version, platform } = archive;
  const { folder, progress } = options;
  const title = platform === options.platform ? `${name} ${version}` : `${name} ${version} ${platform}`;
  const isOurs = platform === options.platform;
  if (isOurs && existsSync(programFolder(archive, folder))) return progress.say(`${title}: already there`);
  const file = join(folder, 'archives', archive.path);
  const digest = await wantedDigest(archive, options);
  if (!existsSync(file)) {
    const open = (from: number) => options.source.open(archive, from, options.signal);
    await download(open, file, options.signal, progress.begin(title));
  }
  await check(file, archive, digest);
  addToLock(join(folder, 'archives', lockName), archive.path, digest);
  if (isOurs) await unpack(file, archive, programFolder(archive, folder));
  for (const place of [join(folder, 'archives'), join(folder, platform)]) removeOtherVersions(place, archive);
  progress.say(`${title}: SHA-256 matches ${digest.from}`);
}

/** The digest that is pinned, else the one of an earlier download, else the one that the source has. */
async function wantedDigest(archive: Archive, { folder, source, signal }: Options): Promise<Digest> {
  if (archive.sha256) return { sha256: archive.sha256, from: 'back-ends.yaml' };
  return readLock(join(folder, 'archives', lockName))[archive.path] ?? (await source.digest(archive, signal));
}

async function check(file: string, { url }: Archive, digest: Digest): Promise<void> {
  const found = await digestOfFile(file);
  if (found === digest.sha256) return;
  rmSync(file);
  throw new Problem(
    `the download of ${url} has the wrong SHA-256, so it was deleted and nothing from it was run.\n` +
      `  expected ${digest.sha256}, from ${digest.from}\n  received ${found}\nTry again. If it is still wrong, report it to the project.`,
  );
}

/** This checkout cannot use programs and archives of other versions of a back end. */
function removeOtherVersions(place: string, { name, version }: Archive): void {
  const others = existsSync(place) ? readdirSync(place).filter((entry) => entry.startsWith(`${name}-`)) : [];
  for (const entry of others) {
    if (!entry.startsWith(`${name}-${version}`)) rmSync(join(place, entry), { recursive: true });
  }
}

function faultText(error: unknown, { folder }: Options): string {
  if (!isFull(error)) return messageOf(error);
  return `the disk of ${folder} is full. Free some space, or choose another folder: DICE_BACK_ENDS=/path/to/folder`;
}
