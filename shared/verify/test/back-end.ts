import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';

interface Answer {
  status?: number;
  body: unknown;
}

/** A back end that gives these answers, and the addresses that it was asked, with the parameters of a form in them. */
export async function backEnd(t: TestContext, answer: (url: URL) => Answer): Promise<{ asked: URL[]; url: string }> {
  const asked: URL[] = [];
  const server = createServer(async (request, response) => {
    const url = new URL(request.url!, 'http://localhost');
    for (const [name, value] of new URLSearchParams(await text(request))) url.searchParams.append(name, value);
    asked.push(url);
    const { status = 200, body } = answer(url);
    const isRaw = typeof body === 'string' || Buffer.isBuffer(body);
    response.writeHead(status).end(isRaw ? body : JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
