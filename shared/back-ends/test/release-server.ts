import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { strToU8, zipSync } from 'fflate';
import { create } from 'tar';
import type { Ends } from '../../runtime/test/stage-fixture.ts';

/** How a server answers a request for an archive; undefined leaves it to the usual answer, which knows ranges. */
export type Manner = (request: IncomingMessage, response: ServerResponse, content: Buffer) => boolean | void;

export interface ReleaseServer {
  url: string;
  /** `GET /file`, with the range that was asked for. */
  requests: string[];
  /** By the file's name. */
  files: Record<string, Buffer>;
  /** Set by a test, to answer otherwise. */
  manner: Manner;
  close: () => Promise<void>;
}

/** A server of this machine in a project's place, with archives that the test makes. */
export async function releaseServer(t: TestContext, files: Record<string, Buffer>): Promise<ReleaseServer> {
  const server = createServer((request, response) => {
    const { range } = request.headers;
    release.requests.push(`${request.method} ${request.url}${range ? ` ${range}` : ''}`);
    const content = release.files[request.url!.slice(1)];
    if (!content) return void response.writeHead(404).end();
    if (!release.manner(request, response, content)) answer(request, response, content);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    if (server.listening) await once(server.close(), 'close');
  };
  t.after(close);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const release: ReleaseServer = { url, files, requests: [], manner: () => {}, close };
  return release;
}

function answer({ headers }: IncomingMessage, response: ServerResponse, content: Buffer): void {
  const start = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0);
  const range = `bytes ${start}-${content.length - 1}/${content.length}`;
  const rest = content.subarray(start);
  response.writeHead(start ? 206 : 200, { 'content-length': rest.length, ...(start && { 'content-range': range }) });
  response.end(rest);
}

export function temporaryFolder(t: Ends): string {
  const folder = mkdtempSync(join(tmpdir(), 'back-ends-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A .tar.gz of these files. */
export function tarball(t: Ends, files: Record<string, string>): Buffer {
  const folder = temporaryFolder(t);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  const file = join(temporaryFolder(t), 'archive.tar.gz');
  create({ file, cwd: folder, gzip: true, sync: true }, Object.keys(files));
  return readFileSync(file);
}

/** A .zip of these files. */
export function zip(files: Record<string, string>): Buffer {
  const entries = Object.entries(files).map(([path, content]) => [path, strToU8(content)]);
  return Buffer.from(zipSync(Object.fromEntries(entries)));
}

/** The lines that sha256sum prints for these files. */
export function checksums(files: Record<string, Buffer>): Buffer {
  const lines = Object.entries(files).map(([name, content]) => `${sha256(content)}  ${name}\n`);
  return Buffer.from(lines.join(''));
}

export function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
