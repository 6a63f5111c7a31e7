import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { after, afterEach, test } from 'node:test';
import { json, startBackEnd, startFrontEnd } from './front-end.ts';

const backEnd = await startBackEnd(json(200, { roll: 4 }));
const { url, logged, stop } = await startFrontEnd({ DICE_ROLLER_URL: backEnd.url, BACKEND_TIMEOUT_MS: '300' });
await logged('Application started');

after(() => {
  stop();
  backEnd.close();
});

afterEach(() => {
  backEnd.asked.length = 0;
  backEnd.answer = json(200, { roll: 4 });
  backEnd.list = json(200, { identifiers: ['fair', 'risky'] });
});

async function get(path: string, init?: RequestInit) {
  const response = await fetch(url + path, init);
  const text = await response.text();

  return { status: response.status, headers: response.headers, text, body: text.startsWith('{') && JSON.parse(text) };
}

test('a roll is answered with what the back end answered', async () => {
  const { status, headers, text } = await get('/api/roll?die=fair');

  assert.equal(status, 200);
  assert.equal(text, '{"roll":4}');
  assert.equal(headers.get('content-type'), 'application/json; charset=utf-8');
  assert.equal(backEnd.asked[0].url, '/roll?die=fair');
});

for (const status of [400, 500, 503]) {
  test(`the back end's ${status} is handed on with its body`, async () => {
    backEnd.answer = json(status, { error: 'so it is' });
    const answer = await get('/api/roll?die=risky');

    assert.equal(answer.status, status);
    assert.deepEqual(answer.body, { error: 'so it is' });
  });
}

const queries = ['', '?die=', '?die=loaded', '?die=fair&die=risky', '?die=a%26b%20c', '?times=3'];
const forwarded = ['', '?die=', '?die=loaded', '?die=fair&die=risky', '?die=a%26b+c', ''];

for (const [index, query] of queries.entries()) {
  test(`which die there is, is for the back end to say: /api/roll${query}`, async () => {
    await get(`/api/roll${query}`);

    assert.deepEqual(
      backEnd.asked.map((request) => request.url),
      [`/roll${forwarded[index]}`],
    );
  });
}

test('an answer that is no JSON is handed on as it is', async () => {
  backEnd.answer = (_request, response) => response.writeHead(502, { 'Content-Type': 'text/html' }).end('<h1>Bad');
  const { status, headers, text } = await get('/api/roll?die=fair');

  assert.equal(status, 502);
  assert.equal(headers.get('content-type'), 'text/html');
  assert.equal(text, '<h1>Bad');
});

test('a back end that breaks off is a 502 that says so', async () => {
  backEnd.answer = (request) => request.destroy();
  const { status, body } = await get('/api/roll?die=fair');

  assert.equal(status, 502);
  assert.deepEqual(body, { error: 'dice-roller cannot be reached' });
});

test('a back end that breaks off within its answer is a 502 too', async () => {
  backEnd.answer = (_request, response) => {
    response.writeHead(200, { 'Content-Length': '100' }).write('{"ro');
    setTimeout(() => response.destroy(), 20);
  };

  assert.equal((await get('/api/roll?die=fair')).status, 502);
});

test('a back end that takes too long is a 502 that says so', async () => {
  backEnd.answer = () => {};
  const { status, body } = await get('/api/roll?die=fair');

  assert.equal(status, 502);
  assert.deepEqual(body, { error: 'dice-roller did not answer in time' });
});

for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
  test(`${method} /api/roll is answered with 405 and what is allowed, and rolls nothing`, async () => {
    const { status, headers, body } = await get('/api/roll?die=fair', { method });

    assert.equal(status, 405);
    assert.equal(headers.get('allow'), 'GET, HEAD');
    assert.equal(typeof body.error, 'string');
    assert.equal(backEnd.asked.length, 0);
  });
}

test('/healthz says that the service is alive', async () => {
  assert.deepEqual((await get('/healthz')).body, { status: 'ok' });
});

test('/metrics answers in the OpenMetrics format', async () => {
  const { headers, text } = await get('/metrics');

  assert.match(headers.get('content-type')!, /^application\/openmetrics-text; version=1\.0\.0/);
  assert.match(text, /# EOF\n$/);
});

test('the page names both dice, refers to nothing outside, and its files are there', async () => {
  const { status, headers, text } = await get('/');
  const files = [...text.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, file]) => file);

  assert.equal(status, 200);
  assert.equal(headers.get('x-powered-by'), null);
  assert.match(text, /<option>fair<\/option><option>risky<\/option>/);
  assert.doesNotMatch(text, /(href|src)="(https?:)?\/\//);
  assert.equal(files.length > 2, true);
  for (const file of files) assert.equal((await get(file)).status, 200, file);
});

test('the page names the dice that die-service lists when it is viewed', async () => {
  backEnd.list = json(200, { identifiers: ['d20', 'a <b>'] });
  const { text } = await get('/');

  assert.match(text, /<option>d20<\/option><option>a &lt;b&gt;<\/option>/);
  assert.doesNotMatch(text, /role="alert"|disabled=""/);
});

const troubles: Record<string, RequestListener> = {
  'answers 500': json(500, { error: 'Internal error' }),
  'answers 503 without JSON': (_request, response) => response.writeHead(503).end('<h1>Sorry'),
  'answers 200 without JSON': (_request, response) => response.end('<h1>Welcome'),
  'breaks off': (request) => request.destroy(),
  'does not answer': () => {},
};

for (const [trouble, list] of Object.entries(troubles)) {
  test(`when die-service ${trouble}, the page says so and Run is disabled, until it is viewed again`, async () => {
    backEnd.list = list;
    const { status, text } = await get('/');

    assert.equal(status, 200);
    assert.match(text, /<p role="alert">There are no dice: die-service does not answer/);
    assert.match(text, /<button[^>]* disabled=""/);

    backEnd.list = json(200, { identifiers: ['fair', 'risky'] });
    assert.doesNotMatch((await get('/')).text, /role="alert"|disabled=""/);
  });
}

test('an unknown path is a 404', async () => {
  assert.equal((await get('/nothing')).status, 404);
  assert.equal((await get('/api/nothing')).status, 404);
});
