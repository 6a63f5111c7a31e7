import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import express from 'express';
import { Problem } from '../runtime/problem.ts';
import { lockName } from './digests.ts';

/**
 * Serves the archives that were fetched, and their lock file, to other machines.
 * @param listen `address:port`; port 0 is any free one
 * @returns the server and its address as a URL
 * @throws Problem if nothing was fetched, or nothing can listen on the address
 */
export async function serveBackEnds(folder: string, listen: string): Promise<{ server: Server; url: string }> {
  const archives = join(folder, 'archives');
  if (!existsSync(join(archives, lockName))) throw new Problem(`${folder} has no archives. Fetch them: make back-ends`);
  const [, host, port] = /^\[?([^\]]+?)\]?:(\d+)$/.exec(listen) ?? [];
  if (!host) throw new Problem(`Give an address and a port, for example LISTEN=192.168.1.5:8099, not "${listen}".`);
  const app = express()
    .disable('x-powered-by')
    .use(express.static(archives, { index: false, redirect: false }));
  const server = createServer(app).listen(Number(port), host);
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    throw new Problem(`Cannot listen on ${listen}: ${error.message}`);
  });
  const { address, family, port: given } = server.address() as AddressInfo;
  return { server, url: `http://${family === 'IPv6' ? `[${address}]` : address}:${given}` };
}
