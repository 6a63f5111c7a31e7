import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { suite, test, type TestContext } from 'node:test';
import { parseContract } from '../contract/contract.ts';
import { makeRequests } from '../drive/requests.ts';
import { signIn } from '../drive/sign-in.ts';
import type { RunningStage } from '../stage/running-stage.ts';

/** A service that gives a session at /in and ends it at /out, and what it was asked: method, path, body, cookie. */
async function service(t: TestContext) {
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

suite("the contract's requests", () => {
  test('are made in their order, with their bodies, by one who keeps the cookies of each service', async (t) => {
    const [front, back] = [await service(t), await service(t)];
    const contract = parseContract(`
services: {}
requests:
  - GET front /api/roll?die=fair
  - 'POST front /api/sign-in {"name":"Ada Lovelace"}'
  - GET front /api/roll
  - GET back /roll
  - POST front /api/sign-out
silent:
  - GET front /healthz
`);
    const services = [
      { name: 'front', url: front.url },
      { name: 'back', url: back.url },
    ];
    const made = await makeRequests(contract, services);
    assert.deepEqual(front.asked, [
      'GET | /api/roll?die=fair |  |  | ',
      'POST | /api/sign-in | {"name":"Ada Lovelace"} | application/json | ',
      'GET | /api/roll |  |  | session=s1=; other=o',
      'POST | /api/sign-out |  |  | session=s1=; other=o',
      'GET | /healthz |  |  | other=o',
    ]);
    assert.deepEqual(back.asked, ['GET | /roll |  |  | ']);
    assert.equal(new Set(made.map(({ traceId }) => traceId)).size, 6);
  });
});

suite('whoever drills a front end', () => {
  const stageWith = (t: TestContext, usage: string): RunningStage => {
    const directory = mkdtempSync(join(tmpdir(), 'stage-'));
    t.after(() => rmSync(directory, { recursive: true }));
    writeFileSync(join(directory, 'telemetry.yaml'), `services: { front: { usage: [${usage}] } }`);
    return { directory } as RunningStage;
  };

  test('signs in where that is a usage event', async (t) => {
    const { asked, url } = await service(t);
    const stage = stageWith(t, '{ message: Usage, level: INFO, fields: { usage: true, event: sign-in } }');
    assert.deepEqual(await signIn(stage, { name: 'front', url }), { cookie: 'session=s1=; other=o' });
    assert.deepEqual(asked, ['POST | /api/sign-in | {"name":"drill"} | application/json | ']);
  });

  test('asks nobody where it is not', async (t) => {
    const { asked, url } = await service(t);
    assert.deepEqual(await signIn(stageWith(t, ''), { name: 'front', url }), {});
    assert.deepEqual(asked, []);
  });
});
