import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';

const { createApp } = await import('../src/app.ts');

const server = createApp().listen(0, '127.0.0.1');
await once(server, 'listening');
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

after(() => server.close());

async function get(path: string, init?: RequestInit) {
  const response = await fetch(url + path, init);
  const text = await response.text();

  return { status: response.status, headers: response.headers, text, body: text.startsWith('{') && JSON.parse(text) };
}

test('/dice lists the identifiers of all dice', async () => {
  const { status, body } = await get('/dice');

  assert.equal(status, 200);
  assert.deepEqual(body, { identifiers: ['fair', 'risky'] });
});

const dice = {
  fair: { faces: [1, 2, 3, 4, 5, 6], error_rate: 0 },
  risky: { faces: [2, 3, 4, 5, 6, 7], error_rate: 0.1 },
};

for (const [identifier, specification] of Object.entries(dice)) {
  test(`/dice?identifier=${identifier} is the specification of the ${identifier} die`, async () => {
    const { status, body } = await get(`/dice?identifier=${identifier}`);

    assert.equal(status, 200);
    assert.deepEqual(body, specification);
  });
}

for (const identifier of ['loaded', 'FAIR', 'fair%20', '__proto__', '%22%0A']) {
  test(`/dice?identifier=${identifier} is answered with 404, because there is no such die`, async () => {
    const { status, body } = await get(`/dice?identifier=${identifier}`);

    assert.equal(status, 404);
    assert.deepEqual(body, { error: 'There is no such die' });
  });
}

for (const query of ['?identifier', '?identifier=', '?identifier=fair&identifier=fair', '?identifier=&identifier=']) {
  test(`/dice${query} is refused with 400`, async () => {
    const { status, body } = await get(`/dice${query}`);

    assert.equal(status, 400);
    assert.deepEqual(body, { error: 'identifier must be given once, and not be empty' });
  });
}

for (const path of ['/', '/fair', '/dice/', '/DICE', '/dice/%ff', '/healthz/x']) {
  test(`${path} is answered with 404 as JSON`, async () => {
    const { status, body } = await get(path);

    assert.equal(status, 404);
    assert.equal(typeof body.error, 'string');
  });
}

for (const path of ['/dice?identifier=fair', '/healthz', '/metrics']) {
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
    test(`${method} ${path} is answered with 405 and what is allowed`, async () => {
      const { status, headers, body } = await get(path, { method });

      assert.equal(status, 405);
      assert.equal(headers.get('allow'), 'GET, HEAD');
      assert.equal(typeof body.error, 'string');
    });
  }
}

test('/healthz says that the service is alive', async () => {
  const { status, body } = await get('/healthz');

  assert.equal(status, 200);
  assert.deepEqual(body, { status: 'ok' });
});
