import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import type { RequestListener } from 'node:http';
import { ReadableStream } from 'node:stream/web';
import { after, afterEach, test } from 'node:test';
import { SignJWT } from 'jose';
import { json, signIn, startBackEnd, startFrontEnd } from './front-end.ts';

const backEnd = await startBackEnd(json(200, { roll: 4 }));
const { url, child, lines, logged, exitCode, stop } = await startFrontEnd({
  DICE_ROLLER_URL: backEnd.url,
  BACKEND_TIMEOUT_MS: '1500',
});
await logged('Die list fetched');
const headers = await signIn(url);

after(() => {
  stop();
  backEnd.close();
});

afterEach(() => {
  backEnd.asked.length = 0;
  backEnd.answer = json(200, { roll: 4 });
  backEnd.list = json(200, { identifiers: ['fair', 'risky'] });
});

test('it prints that it started, what dice there are, who signed in, and nothing else', async () => {
  await logged('Usage');

  assert.deepEqual(
    lines.map(({ level, message, trace_id }) => [level, message, trace_id]),
    [
      ['INFO', 'Application started', undefined],
      ['INFO', 'Die list fetched', undefined],
      ['INFO', 'Signed in', undefined],
      ['INFO', 'Usage', undefined],
    ],
  );
});

async function get(path: string, init?: RequestInit) {
  const response = await fetch(url + path, { headers, ...init });
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

for (const secret of ['undefined', 'null', 'secret', 'of another process, and 32 bytes long']) {
  test(`without SESSION_SECRET, a session that is signed with the secret "${secret}" is a 401`, async () => {
    const session = new SignJWT({ jti: 'some-id', sub: 'Ada' }).setProtectedHeader({ alg: 'HS256' });
    const token = await session.setExpirationTime('1h').sign(Buffer.from(secret));

    assert.equal((await get('/api/roll?die=fair', { headers: { cookie: `dice_session=${token}` } })).status, 401);
  });
}

test('without SESSION_SECRET, a session of this process is good, and the page names its user', async () => {
  assert.equal((await get('/api/roll?die=fair')).status, 200);
  assert.match((await get('/')).text, /Signed in as Ada Lovelace/);
});

for (const status of [400, 500, 503]) {
  test(`the back end's ${status} is handed on with its body`, async () => {
    backEnd.answer = json(status, { error: 'so it is' });
    const answer = await get('/api/roll?die=risky');

    assert.equal(answer.status, status);
    assert.deepEqual(answer.body, { error: 'so it is' });
  });
}

const queries = ['', '?die=', '?die=loaded', '?die=fair&die=risky', '?die=a%26b%20c', '?async=false'];
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

const batches = [
  '?die=fair&times=3&async=true',
  '?times=0&async=true&die=x',
  '?async=true',
  '?times=1&times=2&async=true',
];
const forwardedBatches = ['?die=fair&times=3', '?die=x&times=0', '', '?times=1&times=2'];

for (const [index, query] of batches.entries()) {
  test(`how many rolls there may be, is for the back end to say: /api/roll${query}`, async () => {
    await get(`/api/roll${query}`);

    assert.deepEqual(
      backEnd.asked.map((request) => request.url),
      [`/roll-async${forwardedBatches[index]}`],
    );
  });
}

for (const query of ['?die=fair&times=3', '?die=fair&times=', '?die=fair&times=3&async=false']) {
  test(`/api/roll${query} is refused with 400, and rolls nothing`, async () => {
    const { status, body } = await get(`/api/roll${query}`);

    assert.equal(status, 400);
    assert.deepEqual(body, { error: 'times goes with async=true only' });
    assert.equal(backEnd.asked.length, 0);
  });
}

test('an answer that is not JSON is passed on unchanged', async () => {
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

for (const method of ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
  test(`${method} /run is answered with 405 and what is allowed, and rolls nothing`, async () => {
    const { status, headers, body } = await get('/run?die=fair', { method });

    assert.equal(status, 405);
    assert.equal(headers.get('allow'), 'POST');
    assert.equal(typeof body.error, 'string');
    assert.equal(backEnd.asked.length, 0);
  });
}

test('/healthz says that the service is alive', async () => {
  assert.deepEqual((await get('/healthz')).body, { status: 'ok' });
});

for (const [how, answer, status, state] of [
  ['answers', json(200, {}), 200, 'ok'],
  ['answers with an error', json(500, {}), 503, 'down'],
  ['breaks off', (request) => request.destroy(), 503, 'down'],
] as [string, RequestListener, number, string][]) {
  test(`/readyz is ${status} when what it depends on ${how}`, async () => {
    backEnd.answer = answer;
    const ready = await get('/readyz');

    assert.equal(ready.status, status);
    assert.deepEqual(ready.body, { 'dice-roller': state, 'die-service': state });
    assert.deepEqual(
      backEnd.asked.map((request) => request.url),
      ['/healthz', '/healthz'],
    );
  });
}

const prometheus3 =
  'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,text/plain;version=0.0.4;q=0.3,*/*;q=0.2';
const openMetrics = { headers: { Accept: prometheus3 } };

test('/metrics answers in OpenMetrics when asked for it', async () => {
  const { headers, text } = await get('/metrics', openMetrics);

  assert.match(headers.get('content-type')!, /^application\/openmetrics-text; version=1\.0\.0/);
  assert.match(text, /^# TYPE frontend_button_clicks counter$/m);
  assert.match(text, /# EOF\n$/);
});

for (const accept of ['*/*', 'text/plain', 'text/html,*/*;q=0.8']) {
  test(`/metrics answers in the text format to Accept: ${accept}`, async () => {
    const { headers, text } = await get('/metrics', { headers: { Accept: accept } });

    assert.match(headers.get('content-type')!, /^text\/plain; version=0\.0\.4/);
    assert.match(text, /^# TYPE frontend_button_clicks_total counter$/m);
    assert.doesNotMatch(text, /# EOF/);
  });
}

const promtool = spawnSync('promtool', ['--version']).error ? 'promtool is not installed' : false;

test('promtool finds nothing to complain about in /metrics', { skip: promtool }, async () => {
  await get('/metrics', openMetrics);
  const { text } = await get('/metrics');
  const { status, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });

  assert.equal(stderr, '');
  assert.equal(status, 0);
});

// As a browser sends the page's form without scripts, and then loads what it is sent to.
async function submit(body: BodyInit) {
  const response = await fetch(`${url}/run`, { method: 'POST', headers, body, redirect: 'manual' });
  const page = await get(response.headers.get('location')!);

  return { status: response.status, output: /<output[^>]*>([^<]*)</.exec(page.text)![1], page };
}

test('a plain form is sent back to the page, which shows the outcome, and a reload does not roll again', async () => {
  backEnd.answer = json(500, { error: 'The <risky> die failed' });
  const { status, output, page } = await submit(new URLSearchParams({ die: 'risky' }));

  assert.equal(status, 303);
  assert.equal(output, '500\n{&quot;error&quot;:&quot;The &lt;risky&gt; die failed&quot;}');
  assert.equal(page.status, 200);
  assert.deepEqual(
    backEnd.asked.map((request) => request.url),
    ['/roll?die=risky'],
  );
});

for (const [kind, body] of [
  ['with two dice', new URLSearchParams('die=fair&die=risky')],
  ['without a die', new URLSearchParams('')],
  ['that is no form', '{"die":"fair"}'],
] as const) {
  test(`a plain form ${kind} is left for the back end to refuse, and the page shows its answer`, async () => {
    backEnd.answer = json(400, { error: 'no' });

    assert.equal((await submit(body)).output, '400\n{&quot;error&quot;:&quot;no&quot;}');
  });
}

for (const [form, sent] of [
  ['die=fair&async=true', '10'],
  ['die=fair&async=true&times=3', '3'],
]) {
  test(`a plain form with ${form} rolls ${sent} dice, and the page describes them`, async () => {
    backEnd.answer = json(200, { total: 6, rolls: [4, 2], count: 2 });

    assert.equal((await submit(new URLSearchParams(form))).output, '200\nRolled 2 dice, total: 6, rolls: [4, 2]');
    assert.equal(backEnd.asked[0].url, `/roll-async?die=fair&times=${sent}`);
  });
}

test('each plain form has an outcome of its own', async () => {
  const first = await submit(new URLSearchParams({ die: 'fair' }));
  backEnd.answer = json(200, { roll: 1 });
  const second = await submit(new URLSearchParams({ die: 'fair' }));

  assert.deepEqual([first.output, second.output], ['200\n{&quot;roll&quot;:4}', '200\n{&quot;roll&quot;:1}']);
});

for (const query of ['?outcome=', '?outcome=x', '?outcome=x&outcome=y', '?outcome=__proto__']) {
  test(`the page shows nothing for an outcome that does not exist: ${query}`, async () => {
    assert.match((await get(`/${query}`)).text, /<output[^>]*><\/output>/);
  });
}

for (const [kind, body] of [
  ['of 70,000 bytes', 'x'.repeat(70_000)],
  ['of unknown length', ReadableStream.from([new Uint8Array(10)])],
] as const) {
  test(`a form ${kind} is refused with 413, and rolls nothing`, async () => {
    const { status, body: answer } = await get('/run', { method: 'POST', body, duplex: 'half' } as RequestInit);

    assert.equal(status, 413);
    assert.match(answer.error, /64 KiB/);
    assert.equal(backEnd.asked.length, 0);
  });
}

test('a wrong method is logged, whether or not there are traces', async () => {
  lines.length = 0;
  await get('/api/roll?die=fair', { method: 'POST' });
  await logged('Request rejected');

  assert.equal(lines[0].level, 'WARNING');
});

test('without traces, no trace is offered', async () => {
  assert.equal((await get('/api/roll?die=fair')).headers.get('x-trace-id'), null);
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
  assert.doesNotMatch(text, /role="alert"|<button[^>]* disabled=""/);
});

const troubles: Record<string, RequestListener> = {
  'answers 200 without a list': json(200, {}),
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
    assert.doesNotMatch((await get('/')).text, /role="alert"|<button[^>]* disabled=""/);
  });
}

test('an unknown path is a 404', async () => {
  assert.equal((await get('/nothing')).status, 404);
  assert.equal((await get('/api/nothing')).status, 404);
});

test('a page leaves a line, the end another, and the exit code is 0', async () => {
  lines.length = 0;
  await get('/');
  child.kill();

  assert.equal(await exitCode(), 0);
  assert.deepEqual(
    lines.map(({ level, message, trace_id }) => [level, message, trace_id]),
    [
      ['INFO', 'Die list fetched', undefined],
      ['INFO', 'Application stopping', undefined],
    ],
  );
});
