import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from './build.ts';

// Starts the built front end as its container does. Every line that it prints must be a JSON object.
export async function startFrontEnd(environment: Record<string, string>, program = ['server.ts']) {
  await build();
  const port = await freePort();
  const child = spawn(process.execPath, program, {
    cwd: new URL('..', import.meta.url),
    env: {
      ...{ PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE },
      ...{ NODE_ENV: 'production', PORT: String(port), OTEL_SDK_DISABLED: 'true' },
      DIE_SERVICE_URL: environment.DICE_ROLLER_URL,
      ...environment,
    },
  });
  const lines: Record<string, any>[] = [];
  const ended = Promise.all([once(child, 'exit'), once(child.stdout, 'end'), once(child.stderr, 'end')]);

  for (const output of [child.stdout, child.stderr]) {
    createInterface(output).on('line', (line) => lines.push(JSON.parse(line)));
  }

  async function logged(message: string, count = 1) {
    while (lines.filter((line) => line.message === message).length < count) {
      assert.equal(child.exitCode, null, `ended before it logged "${message}": ${JSON.stringify(lines)}`);
      await sleep(10);
    }
  }

  const url = `http://127.0.0.1:${port}`;
  return { url, child, lines, logged, exitCode: () => ended.then(([[code]]) => code), stop: () => child.kill() };
}

// Signs in, and returns the header with the cookie, as a browser would send it.
export async function signIn(url: string, name = 'Ada Lovelace'): Promise<{ cookie: string }> {
  const response = await fetch(`${url}/api/sign-in`, { method: 'POST', body: new URLSearchParams({ name }) });
  assert.equal(response.status, 200, await response.text());

  return { cookie: response.headers.getSetCookie()[0].split(';')[0] };
}

// Stands where dice-roller stands: answers as it is told, and remembers what it was asked. Stands where die-service
// stands, too, and lists two dice until it is told to answer something else.
export async function startBackEnd(answer: RequestListener) {
  const asked: { url: string; traceparent: string | string[] | undefined }[] = [];
  const list = json(200, { identifiers: ['fair', 'risky'] });
  const backEnd = { url: '', asked, answer, list, close: () => {} };
  const server = createServer((request, response) => {
    if (request.url === '/dice') return backEnd.list(request, response);
    asked.push({ url: request.url!, traceparent: request.headers.traceparent });
    backEnd.answer(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');

  backEnd.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  backEnd.close = () => {
    server.close();
    server.closeAllConnections();
  };

  return backEnd;
}

// Answers with this, as JSON.
export function json(status: number, body: object): RequestListener {
  return (_request, response) => {
    response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
  };
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));

  return port;
}
