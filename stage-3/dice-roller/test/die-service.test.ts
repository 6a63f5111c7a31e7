import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { after, afterEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startDieService } from './fake-die-service.ts';

const dieService = await startDieService();
process.env.DIE_SERVICE_URL = `${dieService.url}/`;
const { dieLabel, findDie, isAlive } = await import('../src/die-service.ts');
const { logger } = await import('../src/logger.ts');
logger.silent = true;

afterEach(() => {
  dieService.answer = dieService.answerTruly;
  dieService.requests.length = 0;
});

after(() => dieService.close());

function answer(status: number, body: unknown): RequestListener {
  return (_request, response) => response.writeHead(status).end(JSON.stringify(body));
}

const coin = { faces: [1, 2], error_rate: 0.25 };

test('a die has the faces and the error rate that die-service gives', async () => {
  dieService.answer = answer(200, coin);

  assert.deepEqual(await findDie('coin'), { type: 'coin', faces: [1, 2], errorRate: 0.25 });
});

test('what a client sent arrives at die-service unchanged', async () => {
  await findDie('a&b=c d/é"#');

  assert.equal(new URLSearchParams(dieService.requests[0].url!.split('?')[1]).get('identifier'), 'a&b=c d/é"#');
});

for (const identifier of [undefined, '', ['fair', 'fair']]) {
  test(`${JSON.stringify(identifier)} is not a die, and die-service is not asked`, async () => {
    assert.equal(await findDie(identifier), undefined);
    assert.equal(dieService.requests.length, 0);
  });
}

for (const status of [400, 404, 431]) {
  test(`a die for which die-service answers ${status} does not exist`, async () => {
    dieService.answer = answer(status, { error: 'no' });

    assert.equal(await findDie('fair'), undefined);
  });
}

const troubles: Record<string, RequestListener> = {
  'answers 500': answer(500, { error: 'Internal error' }),
  'answers 503 without JSON': (_request, response) => response.writeHead(503).end('<h1>Sorry</h1>'),
  'answers 200 without JSON': (_request, response) => response.end('<h1>Welcome</h1>'),
  'cuts the connection': (request) => request.socket.destroy(),
  'cuts its answer': (_request, response) =>
    response.writeHead(200, { 'Content-Length': 99 }).write('{', () => response.destroy()),
};

for (const [trouble, listener] of Object.entries(troubles)) {
  test(`a die-service that ${trouble} is an error 503, and the next request is answered`, async () => {
    dieService.answer = listener;
    await assert.rejects(findDie('fair'), { status: 503, message: 'die-service does not answer' });

    dieService.answer = dieService.answerTruly;
    assert.equal((await findDie('fair'))?.type, 'fair');
  });
}

const slow: Record<string, RequestListener> = {
  'does not answer': () => {},
  'does not end its answer': (_request, response) => response.write('{'),
};

for (const [trouble, listener] of Object.entries(slow)) {
  test(`a die-service that ${trouble} is an error 503 after two seconds`, async () => {
    dieService.answer = listener;
    const started = performance.now();
    await assert.rejects(findDie('fair'), { status: 503 });

    const seconds = (performance.now() - started) / 1000;
    assert.equal(seconds > 1.9, true, `${seconds} s`);
  });
}

test('one connection serves one request after the other', async () => {
  let connections = 0;
  dieService.server.on('connection', () => connections++);
  dieService.answer = answer(200, coin);

  for (const listener of [answer(200, coin), answer(404, {}), answer(500, {}), answer(200, coin)]) {
    dieService.answer = listener;
    await findDie('coin').catch(() => {});
    // undici takes the connection back in a later turn.
    await sleep(1);
  }

  assert.equal(dieService.requests.length, 4);
  assert.equal(connections <= 1, true, `${connections} connections`);
});

test('a label names a die from when die-service has confirmed it', async () => {
  dieService.answer = answer(500, {});
  await findDie('d20').catch(() => {});
  assert.equal(dieLabel('d20'), 'unknown');

  dieService.answer = answer(200, { faces: [20], error_rate: 0 });
  await findDie('d20');
  assert.equal(dieLabel('d20'), 'd20');

  for (const identifier of [undefined, '', ['d20'], 'loaded']) assert.equal(dieLabel(identifier), 'unknown');
});

test('die-service is alive when it answers', async () => {
  assert.equal(await isAlive(), true);

  dieService.answer = answer(500, {});
  assert.equal(await isAlive(), false);
});

test('when die-service is back after an outage, so are the dice', async () => {
  const { port } = new URL(dieService.url);
  const closed = once(dieService.server, 'close');
  dieService.close();
  await closed;
  await assert.rejects(findDie('fair'), { status: 503 });
  assert.equal(await isAlive(), false);

  dieService.server.listen(Number(port), '127.0.0.1');
  await once(dieService.server, 'listening');
  assert.equal((await findDie('fair'))?.type, 'fair');
});
