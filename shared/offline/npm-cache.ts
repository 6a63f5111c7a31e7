import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, copyFileSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Problem } from '../runtime/problem.ts';
import type { NpmPackage } from './npm-packages.ts';

// npm's cache holds what it fetched by its SHA-512 (content-v2), and what it asked for by the address (index-v5). `npm ci`
// asks for the list of a package's versions, and then for the archive. Format: https://github.com/npm/cacache

/** One answer that npm keeps. */
interface Answer {
  key: string;
  integrity: string;
  time: number;
  size: number;
  metadata: { url: string; reqHeaders: { accept?: string }; [other: string]: unknown };
}

export const npmRegistry = 'https://registry.npmjs.org/';

/** A cache and the registry that its answers are from. */
export interface NpmCache {
  folder: string;
  registry: string;
}

/** The cache and the registry of whoever runs this. @throws Problem without npm */
export function usersCache(): NpmCache {
  const { status, stdout } = spawnSync('npm', ['config', 'get', 'cache', 'registry'], { encoding: 'utf8' });
  if (status !== 0) throw new Problem('This needs npm, which comes with Node: https://nodejs.org');
  // Lines such as `cache=/home/ada/.npm`, in the order in which they were asked for.
  const [cache, registry] = stdout.split('\n').map((line) => line.slice(line.indexOf('=') + 1).trim());
  return { folder: join(cache!, '_cacache'), registry: registry!.replace(/\/*$/, '/') };
}

/** Where an archive or a list lies in a cache. @param integrity `sha512-…` in base 64 */
export function contentFile(folder: string, integrity: string): string {
  const [algorithm = '', digest = ''] = integrity.split(/[-?\s]/);
  return join(folder, 'content-v2', algorithm, ...split(Buffer.from(digest, 'base64').toString('hex')));
}

function split(digest: string): string[] {
  return [digest.slice(0, 2), digest.slice(2, 4), digest.slice(4)];
}

function keyOf(url: string): string {
  return `make-fetch-happen:request-cache:${url}`;
}

function listUrl(registry: string, name: string): string {
  return `${registry}${name.replace('/', '%2f')}`;
}

function archiveUrl(registry: string, { name, version }: NpmPackage): string {
  return `${registry}${name}/-/${name.split('/').at(-1)}-${version}.tgz`;
}

function bucketFile(folder: string, key: string): string {
  return join(folder, 'index-v5', ...split(createHash('sha256').update(key).digest('hex')));
}

/** How `npm ci` asks for a list of versions; `npm cache add` asks for a longer form, which also does. */
const accept = 'application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8, */*';

/** The newest list of a package's versions that a cache holds, in the short form if it has that. */
function listIn({ folder, registry }: NpmCache, name: string): Answer | undefined {
  const key = keyOf(listUrl(registry, name));
  const file = bucketFile(folder, key);
  if (!existsSync(file)) return undefined;
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  const answers = lines.map((line) => JSON.parse(line.slice(line.indexOf('\t') + 1)) as Answer);
  const held = answers.filter(
    ({ key: its, integrity }) => its === key && integrity && existsSync(contentFile(folder, integrity)),
  );
  return held.findLast(({ metadata }) => metadata.reqHeaders.accept === accept) ?? held.at(-1);
}

/** Packages that a cache lacks. */
export function missingFrom(cache: NpmCache, packages: NpmPackage[]): NpmPackage[] {
  return packages.filter(
    ({ name, integrity }) => !existsSync(contentFile(cache.folder, integrity)) || !listIn(cache, name),
  );
}

/** The files of a cache that hold these packages, by their digests. */
export function contentOf(cache: NpmCache, packages: NpmPackage[]): string[] {
  const lists = [...new Set(packages.map(({ name }) => name))].flatMap((name) => listIn(cache, name) ?? []);
  return [...new Set([...packages, ...lists].map(({ integrity }) => contentFile(cache.folder, integrity)))];
}

/** Copies packages into another cache, as if it had fetched them from its own registry. */
export function copyPackages(from: NpmCache, to: NpmCache, packages: NpmPackage[]): void {
  for (const file of contentOf(from, packages)) copyInto(to.folder, file, file.slice(from.folder.length));
  for (const name of new Set(packages.map(({ name }) => name))) {
    const list = listIn(from, name);
    if (!list) continue;
    const metadata = { ...list.metadata, reqHeaders: { accept } };
    addAnswer(to.folder, listUrl(to.registry, name), { ...list, metadata });
  }
  for (const each of packages) addAnswer(to.folder, archiveUrl(to.registry, each), archiveAnswer(from.folder, each));
}

/** As npm would have noted it. */
function archiveAnswer(folder: string, { integrity }: NpmPackage): Omit<Answer, 'key'> {
  const time = Date.now();
  const headers = { reqHeaders: {}, resHeaders: { 'content-type': 'application/octet-stream' } };
  const metadata = { url: '', time, ...headers, options: { compress: true } };
  return { integrity, time, size: statSync(contentFile(folder, integrity)).size, metadata };
}

function copyInto(folder: string, file: string, path: string): void {
  const target = join(folder, path);
  if (existsSync(target)) return;
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(file, target);
}

function addAnswer(folder: string, url: string, answer: Omit<Answer, 'key'>): void {
  const line = JSON.stringify({ ...answer, key: keyOf(url), metadata: { ...answer.metadata, url } });
  const file = bucketFile(folder, keyOf(url));
  mkdirSync(dirname(file), { recursive: true });
  appendFileSync(file, `\n${createHash('sha1').update(line).digest('hex')}\t${line}`);
}
