import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { after, afterEach, test } from 'node:test';
import { Writable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { ERROR, SERVER, startCollector } from './collector.ts';

const collector = await startCollector();
Object.assign(process.env, collector.environment);

// As `node --import ./src/instrumentation.ts src/server.ts` does: instrumentation first, then the application.
await import('../src/instrumentation.ts');
const { createApp } = await import('../src/app.ts');
const { logger } = await import('../src/logger.ts');
const { default: winston } = await import('winston');

const lines: Record<string, unknown>[] = [];
const stream = new Writable({
  write(line, _encoding, done) {
    lines.push(JSON.parse(line));
    done();
  },
});
logger.clear().add(new winston.transports.Stream({ stream }));

const server = createApp().listen(0, '127.0.0.1');
await once(server, 'listening');
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

let expectedSpans = 0;

async function get(path: string, init?: RequestInit) {
  const response = await fetch(url + path, init);
  if (!/^\/(healthz|metrics)/.test(path)) expectedSpans++;

  return response.text();
}

// The spans of all requests of this test, once the collector has them.
async function spans() {
  while (collector.spans.length < expectedSpans) await setTimeout(5);

  return collector.spans;
}

afterEach(async () => {
  await spans();
  expectedSpans = collector.spans.length = lines.length = 0;
});

after(() => {
  server.close();
  collector.close();
});

// One series of /metrics, by its name and labels as they are printed.
async function metric(series: string): Promise<number | undefined> {
  const line = (await get('/metrics')).split('\n').find((text) => text.startsWith(`${series} `));

  return line === undefined ? undefined : Number(line.split(' ')[1]);
}

async function increase(series: string, action: () => Promise<unknown>) {
  const earlier = await metric(series);
  await action();

  return (await metric(series))! - (earlier ?? 0);
}

const DICE = '/dice?identifier=';

// What the lines say beside their time and ids.
function events() {
  return lines.map(({ timestamp, trace_id, span_id, ...event }) => event);
}

test('a request for a specification is one server span with its route and its die', async () => {
  await get(`${DICE}fair`);
  const [span] = await spans();

  assert.equal(span.name, 'GET /dice');
  assert.equal(span.kind, SERVER);
  assert.equal(span.parentSpanId, undefined);
  assert.equal(span.attributes['http.route'], '/dice');
  assert.equal(span.attributes['http.request.method'], 'GET');
  assert.equal(span.attributes['http.response.status_code'], 200);
  assert.equal(span.attributes['die.identifier'], 'fair');
  assert.equal(span.attributes['die.found'], true);
  assert.equal(collector.spans.length, 1);
});

test('a request for a die that does not exist is a span without an error', async () => {
  await get(`${DICE}loaded`);
  const [span] = await spans();

  assert.equal(span.attributes['http.response.status_code'], 404);
  assert.equal(span.attributes['die.identifier'], 'loaded');
  assert.equal(span.attributes['die.found'], false);
  assert.notEqual(span.status.code, ERROR);
  assert.deepEqual(span.events, []);
});

for (const path of ['/dice', '/dice?identifier=']) {
  test(`${path} is a span that names no die`, async () => {
    await get(path);
    const [span] = await spans();

    assert.equal(span.name, 'GET /dice');
    assert.equal('die.identifier' in span.attributes, false);
    assert.equal('die.found' in span.attributes, false);
  });
}

test("a span continues its caller's trace", async () => {
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  await get(`${DICE}fair`, { headers: { traceparent: `00-${traceId}-b7ad6b7169203331-01` } });
  const [span] = await spans();

  assert.equal(span.traceId, traceId);
  assert.equal(span.parentSpanId, 'b7ad6b7169203331');
});

test('a line has a time in UTC, a level, a message, the ids of its span, and then its fields', async () => {
  await get(`${DICE}fair`);
  const { traceId: trace_id, spanId: span_id } = (await spans())[0];
  const [{ timestamp, ...event }] = lines;

  assert.equal(new Date(String(timestamp)).toISOString(), timestamp);
  assert.deepEqual(Object.entries(event), [
    ['level', 'INFO'],
    ['message', 'Die specification requested'],
    ['trace_id', trace_id],
    ['span_id', span_id],
    ['identifier', 'fair'],
  ]);
});

const logged = {
  '/dice': { level: 'INFO', message: 'Die list requested', identifiers: ['fair', 'risky'], count: 2 },
  '/dice?identifier=risky': { level: 'INFO', message: 'Die specification requested', identifier: 'risky' },
  '/dice?identifier=%22%0Aloaded': { level: 'WARNING', message: 'Unknown die requested', identifier: '"\nloaded' },
  '/dice?identifier=': {
    level: 'WARNING',
    message: 'Request rejected',
    error: 'identifier must be given once, and not be empty',
  },
  '/nothing': { level: 'WARNING', message: 'Request rejected', error: 'There is nothing at this path' },
};

for (const [path, event] of Object.entries(logged)) {
  test(`${path} logs one line: ${event.message}`, async () => {
    await get(path);

    assert.deepEqual(events(), [event]);
  });
}

test('a wrong method logs a warning', async () => {
  await get('/dice', { method: 'POST' });

  assert.deepEqual(events(), [{ level: 'WARNING', message: 'Request rejected', error: 'This path answers GET only' }]);
});

test('a long value is cut in the log and in the span', async () => {
  await get(DICE + 'x'.repeat(5000));

  assert.equal(String(lines[0].identifier).length, 201);
  assert.equal(String((await spans())[0].attributes['die.identifier']).length, 201);
});

test('outside a span a line has no ids', async () => {
  logger.info('Application started');

  assert.deepEqual(Object.keys(lines[0]), ['timestamp', 'level', 'message']);
});

test('health and metrics leave no span, no line and no HTTP metric', async () => {
  await get('/healthz');
  await get('/metrics');
  await get('/dice');

  assert.deepEqual(
    (await spans()).map((span) => span.attributes['url.path']),
    ['/dice'],
  );
  assert.equal(lines.length, 1);
  assert.doesNotMatch(await get('/metrics'), /handler="\/(healthz|metrics)"/);
});

const counted = [
  { path: '/dice', status: 200, series: 'die_list_requests_total' },
  { path: `${DICE}fair`, status: 200, series: 'die_specifications_requested_total{identifier="fair"}' },
  { path: `${DICE}loaded`, status: 404, series: 'die_specifications_requested_total{identifier="unknown"}' },
];

for (const { path, status, series } of counted) {
  test(`${path} is counted once by ${series} and by each HTTP metric`, async () => {
    const labels = `method="GET",handler="/dice",status="${status}"`;

    assert.equal(await increase(series, () => get(path)), 1);
    assert.equal(await increase(`http_requests_total{${labels}}`, () => get(path)), 1);
    assert.equal(await increase(`http_request_duration_seconds_count{${labels}}`, () => get(path)), 1);
  });
}

test('a request without an identifier to look up counts for no die', async () => {
  const sum = async () =>
    (await get('/metrics')).match(/^die_specifications_requested_total.*/gm)!.map((line) => line.split(' ')[1]);
  const earlier = await sum();
  await get(DICE);
  await get(`${DICE}fair&identifier=risky`);

  assert.deepEqual(await sum(), earlier);
});

test('the number of dice loaded is a metric', async () => {
  assert.equal(await metric('die_specifications_loaded'), 2);
});

test('no label and no span name takes a value that a client invents', async () => {
  await get('/invented/path?identifier=invented');
  await get(`${DICE}invented`);
  await get('/dice', { method: 'PROPFIND' });
  const metrics = await get('/metrics');

  assert.doesNotMatch(metrics, /invented|PROPFIND/);
  assert.match(metrics, /handler="unmatched"/);
  assert.match(metrics, /method="_OTHER"/);
  assert.ok((await spans()).some(({ name }) => name === 'HTTP /dice'));
});

test('there is a series for each die and for those that do not exist, from the start', async () => {
  const names = (await get('/metrics')).match(/^die_specifications_requested_total.*\}/gm);

  assert.deepEqual(names, [
    'die_specifications_requested_total{identifier="unknown"}',
    'die_specifications_requested_total{identifier="fair"}',
    'die_specifications_requested_total{identifier="risky"}',
  ]);
});
