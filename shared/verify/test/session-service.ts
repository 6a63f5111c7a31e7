import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';

/** A service that gives a session at /in and ends it at /out, and what it was asked: method, path, body, cookie. */
export async function sessionService(t: TestContext) {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const { method, url, headers } = request;
    asked.push([method, url, await text(request), headers['content-type'], headers.cookie].join(' | '));
    if (url === '/api/sign-in') response.setHeader('set-cookie', ['session=s1=; Path=/; HttpOnly', 'other=o']);
    if (url === '/api/sign-out') response.setHeader('set-cookie', 'session=; Max-Age=0');
    response.end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
