import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { tarball, temporaryFolder } from '../../back-ends/test/release-server.ts';
import type { Ends } from '../../runtime/test/stage-fixture.ts';

export interface NpmRegistry {
  /** A lock file that pins the registry's packages; one of them is for Windows only. */
  lock: string;
  /** From here on, npm asks this registry, and keeps what it fetches in one folder. */
  use: () => void;
  close: () => void;
}

/** A registry on this machine with two packages. */
export async function npmRegistry(t: Ends): Promise<NpmRegistry> {
  const names = ['@dice/fair', 'dice-win'];
  const archives = new Map(
    names.map((name) => [name, tarball(t, { 'package/package.json': JSON.stringify({ name, version: '1.0.0' }) })]),
  );
  const integrity = (name: string): string =>
    `sha512-${createHash('sha512').update(archives.get(name)!).digest('base64')}`;
  const server = createServer(({ url = '' }, response) => {
    const path = decodeURIComponent(url.slice(1));
    const name = names.find((each) => path.startsWith(each));
    if (!name) return void response.writeHead(404).end();
    if (path.endsWith('.tgz')) return void response.end(archives.get(name));
    const dist = { tarball: `${address}/${name}/-/${name.split('/').at(-1)}-1.0.0.tgz`, integrity: integrity(name) };
    const versions = { '1.0.0': { name, version: '1.0.0', dist } };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ name, 'dist-tags': { latest: '1.0.0' }, versions }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  t.after(close);
  const cache = temporaryFolder(t);
  const use = (): void => {
    process.env.npm_config_registry = address;
    process.env.npm_config_cache = cache;
  };
  const limits = { os: ['win32'], optional: true };
  const packages = {
    '': { name: 'a', dependencies: { '@dice/fair': '1.0.0' }, optionalDependencies: { 'dice-win': '1.0.0' } },
    'node_modules/@dice/fair': { version: '1.0.0', integrity: integrity('@dice/fair') },
    'node_modules/dice-win': { version: '1.0.0', integrity: integrity('dice-win'), ...limits },
  };
  return { lock: JSON.stringify({ name: 'a', lockfileVersion: 3, requires: true, packages }), use, close };
}

/** From here on, npm keeps what it fetches in a new folder. */
export function useEmptyCache(t: Ends): string {
  const folder = temporaryFolder(t);
  process.env.npm_config_cache = folder;
  return folder;
}

/** Runs `npm ci --offline` with a lock file. */
export function installOffline(t: Ends, lock: string): { output: string; installed: boolean } {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, 'package-lock.json'), lock);
  writeFileSync(join(folder, 'package.json'), JSON.stringify(JSON.parse(lock).packages['']));
  const { stderr } = spawnSync('npm', ['ci', '--offline', '--no-audit'], { cwd: folder, encoding: 'utf8' });
  return { output: stderr, installed: existsSync(join(folder, 'node_modules/@dice/fair/package.json')) };
}
