import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { suite, test } from 'node:test';
import { parseContract } from '../contract/contract.ts';
import { makeRequests } from '../drive/requests.ts';
import { sessionService } from './session-service.ts';

suite("the contract's requests", () => {
  test('are made in their order, with their bodies, by one who keeps the cookies of each service', async (t) => {
    const [front, back] = [await sessionService(t), await sessionService(t)];
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
    const jars = new Map();
    const made = [
      ...(await makeRequests(contract, 'requests', services, jars)),
      ...(await makeRequests(contract, 'silent', services, jars)),
    ];
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

  test('may be hung up on: the client is gone before the answer', async (t) => {
    const left: string[] = [];
    const server = createServer((request, response) => {
      response.on('close', () => left.push(`${request.url} ${response.writableFinished}`));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => server.close());
    const contract = parseContract('services: {}\nhung_up: [GET dice /roll]');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const [made] = await makeRequests(contract, 'hung_up', [{ name: 'dice', url }], new Map());
    assert.equal(made!.made, 'hung_up');
    assert.deepEqual(left, ['/roll false']);
  });

  test('may be unsampled, as the flags of their traceparent say', async (t) => {
    const flags: string[] = [];
    const server = createServer((request, response) => {
      flags.push(String(request.headers.traceparent).slice(-3));
      response.end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => server.close());
    const contract = parseContract('services: {}\nrequests: [GET dice /]\nunsampled: [GET dice /]');
    const services = [{ name: 'dice', url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }];
    for (const kind of ['requests', 'unsampled'] as const) await makeRequests(contract, kind, services, new Map());
    assert.deepEqual(flags, ['-01', '-00']);
  });
});
