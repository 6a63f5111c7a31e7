import assert from 'node:assert/strict';
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
