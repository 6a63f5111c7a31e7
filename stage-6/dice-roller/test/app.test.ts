import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { after, test, type TestContext } from 'node:test';
import { startDieService } from './fake-die-service.ts';

const dieService = await startDieService();
process.env.DIE_SERVICE_URL = dieService.url;
process.env.ROLL_MAX_DELAY_MS = '0';
const { createApp } = await import('../src/app.ts');

const server = createApp().listen(0, '127.0.0.1');
await once(server, 'listening');
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

after(() => server.close());
after(() => dieService.close());

async function get(path: string, init?: RequestInit) {
  const response = await fetch(url + path, init);
  const text = await response.text();

  return { status: response.status, headers: response.headers, text, body: text.startsWith('{') && JSON.parse(text) };
}

// The numbers that Math.random() gives, in this order, again and again: wait, failure, face, wait, …
function fixRandom(t: TestContext, ...numbers: number[]) {
  let calls = 0;
  t.mock.method(Math, 'random', () => numbers[calls++ % numbers.length]);
}

const dice = { fair: [1, 2, 3, 4, 5, 6], risky: [2, 3, 4, 5, 6, 7] };

for (const [die, faces] of Object.entries(dice)) {
  test(`the ${die} die has the faces ${faces}`, async (t) => {
    for (const [index, face] of faces.entries()) {
      fixRandom(t, 0, 0.99, (index + 0.5) / 6);
      const { status, body } = await get(`/roll?die=${die}`);

      assert.equal(status, 200);
      assert.deepEqual(body, { roll: face });
      t.mock.restoreAll();
    }
  });
}

test('the risky die fails below its error rate of 0.1', async (t) => {
  fixRandom(t, 0, 0.0999, 0);
  const { status, body } = await get('/roll?die=risky');

  assert.equal(status, 500);
  assert.deepEqual(body, { error: 'The risky die failed' });
});

test('the risky die does not fail at its error rate of 0.1', async (t) => {
  fixRandom(t, 0, 0.1, 0);

  assert.equal((await get('/roll?die=risky')).status, 200);
});

test('the fair die never fails', async (t) => {
  fixRandom(t, 0, 0, 0);

  assert.equal((await get('/roll?die=fair')).status, 200);
});

const invalid = ['', '?die', '?die=', '?die=FAIR', '?die=fair&die=fair', '?die[]=fair', '?die=__proto__', '?DIE=fair'];

for (const query of invalid) {
  test(`/roll${query} is refused with 400 and where the dice are`, async () => {
    const { status, body } = await get(`/roll${query}`);

    assert.equal(status, 400);
    assert.deepEqual(body, { error: 'die must be one that die-service lists' });
  });
}

for (const path of ['/', '/fair', '/roll/', '/ROLL', '/roll/%ff', '/healthz/x']) {
  test(`${path} is answered with 404 as JSON`, async () => {
    const { status, body } = await get(path);

    assert.equal(status, 404);
    assert.equal(typeof body.error, 'string');
  });
}

for (const path of ['/roll?die=fair', '/healthz', '/readyz', '/metrics']) {
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

test('a die that die-service knows can be rolled, whatever its faces', async () => {
  dieService.answer = (_request, response) => response.end('{"faces":[20],"error_rate":0}');
  const { status, body } = await get('/roll?die=d20');
  dieService.answer = dieService.answerTruly;

  assert.equal(status, 200);
  assert.deepEqual(body, { roll: 20 });
});

test('while die-service is down, rolls and readiness are answered with 503, and health with 200', async () => {
  dieService.answer = (_request, response) => response.destroy();
  const [roll, ready, health] = await Promise.all([get('/roll?die=fair'), get('/readyz'), get('/healthz')]);
  dieService.answer = dieService.answerTruly;

  assert.equal(roll.status, 503);
  assert.deepEqual(roll.body, { error: 'die-service does not answer' });
  assert.equal(ready.status, 503);
  assert.deepEqual(ready.body, { 'die-service': 'down' });
  assert.equal(health.status, 200);

  assert.equal((await get('/roll?die=fair')).status, 200);
  assert.deepEqual((await get('/readyz')).body, { 'die-service': 'ok' });
});
