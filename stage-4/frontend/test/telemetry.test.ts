import assert from 'node:assert/strict';
import { after, afterEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { CLIENT, ERROR, INTERNAL, SERVER, startCollector } from './collector.ts';
import { json, startBackEnd, startFrontEnd } from './front-end.ts';

const collector = await startCollector();
const backEnd = await startBackEnd(json(200, { roll: 4 }));
const addresses = { DICE_ROLLER_URL: backEnd.url, DIE_SERVICE_URL: backEnd.url };
const settings = { ...collector.environment, ...addresses, BACKEND_TIMEOUT_MS: '1500' };
const { url, lines, logged, stop } = await startFrontEnd(settings);
await logged('Die list fetched');
while (collector.spans.length < 2) await sleep(5);
const start = { spans: collector.spans.splice(0), line: lines.at(-1)! };
lines.length = 0;

after(() => {
  stop();
  backEnd.close();
  collector.close();
});

const openMetrics = { headers: { Accept: 'application/openmetrics-text' } };
let expectedSpans = 0;

afterEach(async () => {
  while (collector.spans.length < expectedSpans) await sleep(5);
  expectedSpans = 0;
  backEnd.answer = json(200, { roll: 4 });
  backEnd.list = json(200, { identifiers: ['fair', 'risky'] });
  backEnd.asked.length = collector.spans.length = lines.length = 0;
});

// A request, whose spans are waited for after the test.
async function get(path: string, init?: RequestInit) {
  const response = await fetch(url + path, init);
  if (path.startsWith('/api/roll')) expectedSpans += init?.method ? 1 : 3;
  if (/^\/(\?|$)/.test(path)) expectedSpans += 2;

  return { traceId: response.headers.get('x-trace-id'), text: await response.text() };
}

// The three spans of a roll, once the collector has them.
async function rollSpans(query: string, headers?: HeadersInit) {
  const { traceId } = await get(`/api/roll${query}`, headers && { headers });
  while (collector.spans.length < 3) await sleep(5);
  // None comes late.
  await sleep(50);
  assert.equal(collector.spans.length, 3);
  const [server, click, client] = [SERVER, INTERNAL, CLIENT].map((kind) =>
    collector.spans.find((span) => span.kind === kind)!,
  );

  return { traceId, server, click, client };
}

// One series of /metrics, by its name and labels as they are printed.
async function metric(series: string): Promise<number | undefined> {
  const line = (await get('/metrics')).text.split('\n').find((text) => text.startsWith(`${series} `));

  return line === undefined ? undefined : Number(line.split(' ')[1]);
}

async function increase(series: string, action: () => Promise<unknown>) {
  const earlier = await metric(series);
  await action();

  return (await metric(series))! - (earlier ?? 0);
}

test('a roll is a server span, in it the click, in it the request to the back end', async () => {
  const { server, click, client } = await rollSpans('?die=fair');

  assert.deepEqual([server.name, click.name, client.name], ['GET /api/roll', 'button click', 'GET']);
  assert.equal(server.parentSpanId, undefined);
  assert.equal(click.parentSpanId, server.spanId);
  assert.equal(client.parentSpanId, click.spanId);
  assert.equal(server.attributes['http.route'], '/api/roll');
  assert.equal(server.attributes['http.response.status_code'], 200);
});

test('the click carries its die and what the back end was asked and answered', async () => {
  const { click } = await rollSpans('?die=risky');

  assert.deepEqual(click.attributes, {
    'die.type': 'risky',
    'backend.url': `${backEnd.url}/roll?die=risky`,
    'backend.status_code': 200,
  });
});

test('the back end gets the trace id, and so does the caller', async () => {
  const { traceId, server, client } = await rollSpans('?die=fair');

  assert.equal(traceId, server.traceId);
  assert.equal(backEnd.asked[0].traceparent, `00-${traceId}-${client.spanId}-01`);
});

test('the list of dice at the start makes its own span, with the request to die-service in it, and a line', () => {
  const [fetched, client] = [INTERNAL, CLIENT].map((kind) => start.spans.find((span) => span.kind === kind)!);
  const { timestamp, ...event } = start.line;

  assert.equal(start.spans.length, 2);
  assert.equal(fetched.name, 'die list fetch');
  assert.equal(fetched.parentSpanId, undefined);
  assert.equal(client.parentSpanId, fetched.spanId);
  assert.equal(client.attributes['url.path'], '/dice');
  assert.deepEqual(event, {
    level: 'INFO',
    message: 'Die list fetched',
    trace_id: fetched.traceId,
    span_id: fetched.spanId,
    identifiers: ['fair', 'risky'],
    count: 2,
  });
});

test('a view of the page fetches the list in its own trace, whatever trace it is part of', async () => {
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  await get('/', { headers: { traceparent: `00-${traceId}-b7ad6b7169203331-01` } });
  while (collector.spans.length < 2) await sleep(5);
  const fetched = collector.spans.find((span) => span.kind === INTERNAL)!;

  assert.equal(collector.spans.length, 2);
  assert.equal(fetched.name, 'die list fetch');
  assert.equal(fetched.parentSpanId, undefined);
  assert.notEqual(fetched.traceId, traceId);
  assert.deepEqual(
    lines.map(({ message, trace_id }) => [message, trace_id]),
    [['Die list fetched', fetched.traceId]],
  );
});

test('a list that is not available is an error on its span, and one error line', async () => {
  backEnd.list = json(500, {});
  await get('/');
  while (collector.spans.length < 2) await sleep(5);
  const fetched = collector.spans.find((span) => span.kind === INTERNAL)!;

  assert.equal(fetched.status.code, ERROR);
  assert.deepEqual(fetched.events, []);
  assert.equal(fetched.attributes['error.type'], '500');
  assert.deepEqual(
    lines.map(({ level, message, trace_id, error }) => [level, message, trace_id, error]),
    [['ERROR', 'Die list fetch failed', fetched.traceId, 'Error: die-service answered 500']],
  );
});

test('a die is a label from when die-service has listed it, and its series start at zero', async () => {
  await get('/api/roll?die=d20');
  assert.equal(await metric('frontend_button_clicks_total{die_type="d20"}'), undefined);

  backEnd.list = json(200, { identifiers: ['fair', 'risky', 'd20'] });
  await get('/');
  for (const status of [200, 500, 502, 503]) {
    assert.equal(await metric(`frontend_requests_total{die_type="d20",status_code="${status}"}`), 0);
  }
  assert.equal(await metric('frontend_request_duration_seconds_count{die_type="d20"}'), 0);
  assert.equal(await increase('frontend_button_clicks_total{die_type="d20"}', () => get('/api/roll?die=d20')), 1);
});

test("a roll continues its caller's trace", async () => {
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  const { server } = await rollSpans('?die=fair', { traceparent: `00-${traceId}-b7ad6b7169203331-01` });

  assert.equal(server.traceId, traceId);
  assert.equal(server.parentSpanId, 'b7ad6b7169203331');
});

test("the back end's 500 makes the spans errors, and the log tells it as what it is: an answer", async () => {
  backEnd.answer = json(500, { error: 'The risky die failed' });
  const { server, click, client } = await rollSpans('?die=risky');

  assert.deepEqual([server.status.code, click.status.code, client.status.code], [ERROR, ERROR, ERROR]);
  assert.deepEqual(click.events, []);
  assert.equal(click.attributes['backend.status_code'], 500);
  assert.equal(click.attributes['error.type'], '500');
  assert.deepEqual(
    lines.map(({ level, message, backend_status }) => [level, message, backend_status]),
    [
      ['INFO', 'Button clicked', undefined],
      ['INFO', 'Backend response received', 500],
    ],
  );
});

test('a refused die is not an error of the front end', async () => {
  backEnd.answer = json(400, { error: 'die must be one of: fair, risky' });
  const { server, click } = await rollSpans('?die=loaded');

  assert.notEqual(server.status.code, ERROR);
  assert.notEqual(click.status.code, ERROR);
  assert.equal(click.attributes['die.type'], 'unknown');
  assert.equal(await metric('frontend_requests_total{die_type="unknown",status_code="400"}'), 1);
});

test('a click and its answer are logged in the trace, the body cut', async () => {
  backEnd.answer = json(200, { text: 'x'.repeat(500) });
  const { click } = await rollSpans('?die=fair');

  const context = { level: 'INFO', trace_id: click.traceId, span_id: click.spanId };
  const body = `{"text":"${'x'.repeat(191)}…`;
  assert.deepEqual(
    lines.map(({ timestamp, ...event }) => event),
    [
      { message: 'Button clicked', ...context, die_type: 'fair' },
      { message: 'Backend response received', ...context, backend_status: 200, body },
    ],
  );
});

test('a batch is logged with its size, and counted by it', async () => {
  const series = 'async_roll_requests_total{batch_size="3"}';
  assert.equal(await increase(series, () => get('/api/roll?die=fair&times=3&async=true')), 1);

  assert.deepEqual(
    lines.slice(0, 2).map(({ level, message, times }) => [level, message, times]),
    [
      ['INFO', 'Button clicked', undefined],
      ['INFO', 'Async roll requested', '3'],
    ],
  );
});

for (const query of ['times=11', 'times=03', 'times=invented', 'times=3&times=3', 'die=fair']) {
  test(`a batch with ${query} is counted as other`, async () => {
    const series = 'async_roll_requests_total{batch_size="other"}';

    assert.equal(await increase(series, () => get(`/api/roll?async=true&${query}`)), 1);
    assert.doesNotMatch((await get('/metrics')).text, /invented/);
  });
}

test('a single roll is not a batch, and the sizes of batches start at zero', async () => {
  for (const size of [1, 10]) assert.equal(await metric(`async_roll_requests_total{batch_size="${size}"}`), 0);

  await get('/api/roll?die=fair');
  assert.equal(lines.filter(({ message }) => message === 'Async roll requested').length, 0);
});

test('a wrong method is logged as a warning', async () => {
  await get('/api/roll?die=fair', { method: 'POST' });

  assert.deepEqual(
    lines.map(({ level, message, error }) => [level, message, error]),
    [['WARNING', 'Request rejected', 'This path answers GET only']],
  );
});

test('files, health and metrics leave no span and no line', async () => {
  for (const path of ['/icon.svg', '/nothing', '/healthz', '/readyz', '/metrics']) await get(path);
  await rollSpans('?die=fair');

  assert.equal(lines.length, 2);
});

for (const status of [200, 500]) {
  test(`a roll that is answered with ${status} is counted once, from zero`, async () => {
    backEnd.answer = json(status, {});
    const series = [
      'frontend_button_clicks_total{die_type="risky"}',
      `frontend_requests_total{die_type="risky",status_code="${status}"}`,
      'frontend_request_duration_seconds_count{die_type="risky"}',
    ];

    for (const name of series) {
      assert.notEqual(await metric(name), undefined);
      assert.equal(await increase(name, () => get('/api/roll?die=risky')), 1, name);
    }
  });
}

test('a plain form starts its own trace, which the page links to', async () => {
  const response = await fetch(`${url}/run`, {
    method: 'POST',
    body: new URLSearchParams({ die: 'fair' }),
    redirect: 'manual',
  });
  expectedSpans += 3;
  while (collector.spans.length < 3) await sleep(5);
  const server = collector.spans.find((span) => span.kind === SERVER)!;
  const page = await get(response.headers.get('location')!);

  assert.equal(server.name, 'POST /run');
  assert.equal(server.attributes['http.route'], '/run');
  assert.equal(server.attributes['http.response.status_code'], 303);
  assert.match(page.text, new RegExp(`<a href="[^"]*${server.traceId}[^"]*"[^>]*>${server.traceId}</a>`));
});

test('a trace that is not sampled is offered nowhere: no header, no exemplar, and no span', async () => {
  const traceId = '33333333333333333333333333333333';
  const headers = { traceparent: `00-${traceId}-b7ad6b7169203331-00` };
  const response = await fetch(`${url}/api/roll?die=fair`, { headers });
  await response.text();

  assert.equal(response.headers.get('x-trace-id'), null);
  assert.match(String(backEnd.asked[0].traceparent), new RegExp(`^00-${traceId}-\\w+-00$`));
  assert.equal((await get('/metrics', openMetrics)).text.includes(traceId), false);
  // The log still says which of its lines belong together.
  assert.equal(lines[0].trace_id, traceId);
  await rollSpans('?die=fair');
});

test('a client that leaves was answered nothing: its span claims no status, and the roll continues', async () => {
  const client = new AbortController();
  backEnd.answer = (request, response) => {
    client.abort();
    setTimeout(() => json(200, { roll: 4 })(request, response as never), 150);
  };
  await assert.rejects(fetch(`${url}/api/roll?die=fair`, { signal: client.signal }));
  while (collector.spans.length < 3) await sleep(5);
  const [server, click] = [SERVER, INTERNAL].map((kind) => collector.spans.find((span) => span.kind === kind)!);

  assert.equal('http.response.status_code' in server.attributes, false);
  assert.equal(server.attributes['error.type'], 'client_disconnected');
  assert.equal(click.attributes['backend.status_code'], 200);
  assert.deepEqual(
    lines.map(({ message }) => message),
    ['Button clicked', 'Backend response received'],
  );
});

test('a method that HTTP does not know is not in the name of a span', async () => {
  await get('/api/roll', { method: 'PROPFIND' });
  while (collector.spans.length < 1) await sleep(5);

  assert.equal(collector.spans[0].name, 'HTTP /api/roll');
  assert.equal(collector.spans[0].attributes['http.request.method'], '_OTHER');
});

test('the duration of a request leads to its trace', async () => {
  backEnd.answer = (request, response) => setTimeout(() => json(200, {})(request, response as never), 120);
  const { traceId } = await get('/api/roll?die=fair');
  const { text } = await get('/metrics', openMetrics);

  const bucket = text.split('\n').find((line) => line.includes(`trace_id="${traceId}"`));
  assert.match(
    bucket!,
    /^frontend_request_duration_seconds_bucket\{le="0\.[2-9]",die_type="fair"\} \d+ # \{.*\} 0\.[1-9]/,
  );
});

test('no label takes a value that a client invents', async () => {
  await get('/api/roll?die=invented');
  await get('/api/roll?die=fair&die=invented');
  await get('/api/roll?die=__proto__');
  const { text } = await get('/metrics');

  assert.doesNotMatch(text, /invented|__proto__/);
  assert.match(text, /frontend_button_clicks_total\{die_type="unknown"\}/);
});

test('however many dice there are, the line names twenty of them and says how many there are', async () => {
  const identifiers = Array.from({ length: 100 }, (_, index) => `die-${index}`);
  backEnd.list = json(200, { identifiers });
  await get('/');

  assert.deepEqual(lines[0].identifiers, identifiers.slice(0, 20));
  assert.equal(lines[0].count, 100);
});

// The one that closes the back end comes last.
for (const [how, reason] of [
  ['late', /TimeoutError/],
  ['down', /ECONNREFUSED/],
] as const) {
  test(`a back end that is ${how} is an error of the click, one error line, and a 502`, async () => {
    const series = 'frontend_requests_total{die_type="fair",status_code="502"}';
    const earlier = await metric(series);
    backEnd.answer = () => {};
    if (how === 'down') backEnd.close();
    const response = await fetch(`${url}/api/roll?die=fair`);
    while (collector.spans.length < 3) await sleep(5);
    const click = collector.spans.find((span) => span.name === 'button click')!;

    assert.equal(response.status, 502);
    assert.equal(click.status.code, ERROR);
    assert.deepEqual(click.events, []);
    assert.match(String(click.attributes['error.type']), reason);
    assert.equal('backend.status_code' in click.attributes, false);
    const errors = lines.filter(({ level }) => level === 'ERROR');
    assert.deepEqual(
      errors.map(({ message, trace_id }) => [message, trace_id]),
      [['Backend request failed', click.traceId]],
    );
    assert.match(errors[0].error, reason);
    assert.equal(await metric(series), earlier! + 1);
  });
}
