import { context } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { after, afterEach, test } from 'node:test';
import { Writable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { CLIENT, ERROR, SERVER, startCollector } from './collector.ts';
import { startDieService } from './fake-die-service.ts';

const collector = await startCollector();
const dieService = await startDieService();
Object.assign(process.env, collector.environment, { DIE_SERVICE_URL: dieService.url, ROLL_MAX_DELAY_MS: '0' });

// As `node --import ./src/instrumentation.ts src/server.ts` does: instrumentation first, then the application.
await import('../src/instrumentation.ts');
const { createApp } = await import('../src/app.ts');
const { config } = await import('../src/config.ts');
const { logger } = await import('../src/logger.ts');
const { diceRolls } = await import('../src/metrics.ts');
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
  // This test's own call is not a part of what is tested.
  const response = await context.with(suppressTracing(context.active()), () => fetch(url + path, init));
  if (!/^\/(healthz|readyz|metrics)/.test(path)) expectedSpans++;

  return response.text();
}

// The spans of all requests of this test, once the collector has them. The SDK of this process sees die-service, too.
async function spans(kind = SERVER) {
  const serverSpans = () =>
    collector.spans.filter((span) => span.kind === SERVER && span.attributes['url.path'] !== '/dice');
  while (serverSpans().length < expectedSpans) await setTimeout(5);

  return kind === SERVER ? serverSpans() : collector.spans.filter((span) => span.kind === kind);
}

afterEach(async () => {
  await spans();
  expectedSpans = collector.spans.length = lines.length = 0;
});

after(() => {
  server.close();
  dieService.close();
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

async function whileAway<Result>(action: () => Promise<Result>): Promise<Result> {
  dieService.answer = (_request, response) => response.destroy();

  return action().finally(() => (dieService.answer = dieService.answerTruly));
}

test('a roll is one server span with its route, its die and its result', async () => {
  const { roll } = JSON.parse(await get('/roll?die=fair'));
  const [span] = await spans();

  assert.equal(span.name, 'GET /roll');
  assert.equal(span.kind, SERVER);
  assert.equal(span.parentSpanId, undefined);
  assert.equal(span.attributes['http.route'], '/roll');
  assert.equal(span.attributes['http.request.method'], 'GET');
  assert.equal(span.attributes['http.response.status_code'], 200);
  assert.equal(span.attributes['die.type'], 'fair');
  assert.equal(span.attributes['die.result'], roll);
  assert.equal(span.attributes['die.error'], false);
  assert.equal((await spans()).length, 1);
});

test('the look-up is one client span of the roll, and die-service gets its ids', async () => {
  await get('/roll?die=fair');
  const [roll] = await spans();
  const [lookUp, ...others] = await spans(CLIENT);
  const { traceparent } = dieService.requests.at(-1)!.headers;

  assert.deepEqual(others, []);
  assert.equal(lookUp.traceId, roll.traceId);
  assert.equal(lookUp.parentSpanId, roll.spanId);
  assert.equal(lookUp.attributes['http.response.status_code'], 200);
  assert.equal(lookUp.attributes['url.path'], '/dice');
  assert.notEqual(lookUp.status.code, ERROR);
  assert.equal(traceparent, `00-${lookUp.traceId}-${lookUp.spanId}-01`);
});

test('a die-service that is down is an error of the roll and of the look-up', async () => {
  await whileAway(() => get('/roll?die=fair'));
  const [roll] = await spans();
  const [lookUp] = await spans(CLIENT);

  assert.equal(roll.status.code, ERROR);
  assert.deepEqual(roll.events, []);
  assert.equal(roll.attributes['http.response.status_code'], 503);
  assert.equal(lookUp.status.code, ERROR);
});

test('a failed roll is a span with an error', async (t) => {
  t.mock.method(Math, 'random', () => 0);
  await get('/roll?die=risky');
  const [span] = await spans();

  assert.equal(span.status.code, ERROR);
  assert.deepEqual(span.events, []);
  assert.equal(span.attributes['http.response.status_code'], 500);
  assert.equal(span.attributes['error.type'], '500');
  assert.equal(span.attributes['die.type'], 'risky');
  assert.equal(span.attributes['die.error'], true);
  assert.equal('die.result' in span.attributes, false);
});

test('a refused request is a span without an error', async () => {
  await get('/roll?die=loaded');
  const [span] = await spans();

  assert.equal(span.attributes['http.response.status_code'], 400);
  assert.notEqual(span.status.code, ERROR);
  assert.deepEqual(span.events, []);
  assert.equal('die.type' in span.attributes, false);
});

test("a span continues its caller's trace", async () => {
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  await get('/roll?die=fair', { headers: { traceparent: `00-${traceId}-b7ad6b7169203331-01` } });
  const [span] = await spans();

  assert.equal(span.traceId, traceId);
  assert.equal(span.parentSpanId, 'b7ad6b7169203331');
});

test('a roll logs its look-up, its request and its result, with the ids of its span', async () => {
  const { roll } = JSON.parse(await get('/roll?die=fair'));
  const { traceId: trace_id, spanId: span_id } = (await spans())[0];

  const context = { level: 'INFO', trace_id, span_id };
  const events = lines.map(({ timestamp, ...event }) => event);
  assert.deepEqual(events, [
    { message: 'Querying die-service', ...context, identifier: 'fair' },
    { message: 'Roll requested', ...context, die_type: 'fair' },
    { message: 'Die rolled', ...context, die_type: 'fair', roll_value: roll },
  ]);
});

test('every line has a time in UTC, and begins with time, level and message', async () => {
  await get('/roll?die=fair');

  for (const line of lines) {
    assert.equal(new Date(String(line.timestamp)).toISOString(), line.timestamp);
    assert.deepEqual(Object.keys(line).slice(0, 5), ['timestamp', 'level', 'message', 'trace_id', 'span_id']);
  }
  assert.equal(lines.length, 3);
});

test('a failed roll logs one error', async (t) => {
  t.mock.method(Math, 'random', () => 0);
  await get('/roll?die=risky');

  const errors = lines.filter((line) => line.level === 'ERROR');
  assert.equal(errors.length, 1);
  assert.equal(errors[0].message, 'Request failed');
  assert.equal(errors[0].die_type, 'risky');
  assert.equal(errors[0].error, 'The risky die failed');
});

test('an unknown die logs what die-service said and one warning, with what was sent as a field', async () => {
  await get('/roll?die=%22%0Aloaded');

  assert.deepEqual(
    lines.slice(1).map(({ timestamp, trace_id, span_id, ...event }) => event),
    [
      { level: 'WARNING', message: 'die-service gave no specification', identifier: '"\nloaded', backend_status: 404 },
      { level: 'WARNING', message: 'Invalid die type', die_type: '"\nloaded' },
    ],
  );
});

test('a die-service that is down logs a warning with the cause, and one error', async () => {
  await get('/roll?die=fair');
  lines.length = 0;
  await whileAway(() => get('/roll?die=fair'));

  assert.deepEqual(
    lines.slice(1).map(({ timestamp, trace_id, span_id, ...event }) => event),
    [
      {
        level: 'WARNING',
        message: 'die-service gave no specification',
        identifier: 'fair',
        backend_status: 503,
        error: 'UND_ERR_SOCKET',
      },
      { level: 'ERROR', message: 'Request failed', die_type: 'fair', error: 'die-service does not answer' },
    ],
  );
});

test('a long value is cut in the log', async () => {
  await get(`/roll?die=${'x'.repeat(5000)}`);

  for (const line of lines) assert.equal(String(line.die_type ?? line.identifier).length, 201);
});

test('an unknown path and a wrong method log a warning each', async () => {
  await get('/nothing');
  await get('/roll?die=fair', { method: 'POST' });

  assert.deepEqual(
    lines.map(({ level, message, error }) => [level, message, error]),
    [
      ['WARNING', 'Request rejected', 'There is nothing at this path'],
      ['WARNING', 'Request rejected', 'This path answers GET only'],
    ],
  );
});

test('outside a span a line has no ids', async () => {
  logger.info('Application started');

  assert.deepEqual(Object.keys(lines[0]), ['timestamp', 'level', 'message']);
});

test('a wrong method for health or metrics leaves no span and no line either', async () => {
  await get('/healthz', { method: 'POST' });
  await get('/metrics', { method: 'POST' });
  await get('/roll?die=fair');

  assert.equal((await spans()).filter((span) => span.attributes['url.path'] !== '/roll').length, 0);
  assert.equal(lines.filter((line) => line.message === 'Request rejected').length, 0);
});

for (const { die, random, result } of [
  { die: 'fair', random: 0.5, result: 'success' },
  { die: 'risky', random: 0.05, result: 'error' },
]) {
  test(`a client that leaves a roll that ends in ${result} counts as 499, and the roll as what it was`, async (t) => {
    t.mock.method(Math, 'random', () => random);
    config.rollMaxDelayMs = 200 / random;
    t.after(() => (config.rollMaxDelayMs = 0));
    const logged = (message: string) => lines.some((line) => line.message === message);
    const labels = 'method="GET",handler="/roll",status="499"';

    const series = [
      `http_requests_total{${labels}}`,
      `http_request_duration_seconds_count{${labels},die_type="${die}"}`,
      `dice_rolls_total{die_type="${die}",result="${result}"}`,
    ];
    const before = await Promise.all(series.map(async (name) => (await metric(name)) ?? 0));
    const client = new AbortController();
    const answer = get(`/roll?die=${die}`, { signal: client.signal });
    while (!logged('Roll requested')) await setTimeout(1);
    client.abort();
    await assert.rejects(answer);
    expectedSpans++;
    while (!logged(result === 'success' ? 'Die rolled' : 'Request failed')) await setTimeout(1);

    const after = await Promise.all(series.map(metric));
    assert.deepEqual(
      after.map((value, index) => value! - before[index]),
      [1, 1, 1],
    );
    const [{ name, status, attributes, events }] = await spans();
    assert.equal(name, 'GET /roll');
    assert.equal(attributes['error.type'], 'client_disconnected');
    assert.equal('http.response.status_code' in attributes, false);
    assert.equal('die.result' in attributes, false);
    assert.notEqual(status.code, ERROR);
    assert.deepEqual(events, []);
    assert.equal(logged('Telemetry error'), false);
  });
}

test('a bug is answered with 500, and logged with its stack', async (t) => {
  t.mock.method(diceRolls, 'inc', () => {
    throw new TypeError('no dice');
  });
  assert.equal(await get('/roll?die=fair'), '{"error":"Internal error"}');

  const errors = lines.filter((line) => line.level === 'ERROR');
  assert.equal(errors.length, 1);
  assert.match(String(errors[0].error), /^TypeError: no dice\n +at .*\n/);
});

test('health and metrics leave no span, no line and no HTTP metric', async () => {
  await get('/healthz');
  await get('/readyz');
  await get('/metrics');
  await get('/roll?die=fair');

  assert.deepEqual(
    (await spans()).map((span) => span.attributes['url.path']),
    ['/roll'],
  );
  assert.equal((await spans(CLIENT)).length, 1);
  assert.equal(lines.length, 3);
  assert.doesNotMatch(await get('/metrics'), /handler="\/(healthz|readyz|metrics)"/);
});

const rolls = [
  { die: 'fair', random: 0.5, result: 'success', status: 200 },
  { die: 'risky', random: 0.5, result: 'success', status: 200 },
  { die: 'risky', random: 0, result: 'error', status: 500 },
];

for (const { die, random, result, status } of rolls) {
  test(`a ${die} roll that ends in ${result} is counted once, from zero`, async (t) => {
    t.mock.method(Math, 'random', () => random);
    const series = [
      `dice_rolls_total{die_type="${die}",result="${result}"}`,
      `http_requests_total{method="GET",handler="/roll",status="${status}"}`,
      `http_request_duration_seconds_count{method="GET",handler="/roll",status="${status}",die_type="${die}"}`,
    ];

    for (const name of series) {
      assert.equal(await increase(name, () => get(`/roll?die=${die}`)), 1, name);
    }
  });
}

test('the value of a roll is observed in its own bucket', async (t) => {
  t.mock.method(Math, 'random', () => 0.99);
  const bucket = (le: number) => `dice_roll_value_bucket{le="${le}",die_type="risky"}`;
  const observed = await metric(bucket(6));

  assert.equal(await increase(bucket(7), () => get('/roll?die=risky')), 1);
  assert.equal(await metric(bucket(6)), observed);
});

test('a failed roll has no value', async (t) => {
  t.mock.method(Math, 'random', () => 0);

  assert.equal(await increase('dice_roll_value_count{die_type="risky"}', () => get('/roll?die=risky')), 0);
});

test('an unknown die is not a roll', async () => {
  const series = 'http_requests_total{method="GET",handler="/roll",status="400"}';

  assert.equal(await increase(series, () => get('/roll?die=loaded')), 1);
  assert.doesNotMatch(await get('/metrics'), /dice_rolls_total\{[^}]*(unknown|loaded)/);
});

test('no label and no span name takes a value that a client invents', async () => {
  await get('/invented/path?die=invented');
  await get('/roll?die=invented');
  await get('/roll?die=fair', { method: 'PROPFIND' });
  const metrics = await get('/metrics');

  assert.doesNotMatch(metrics, /invented|PROPFIND/);
  assert.match(metrics, /handler="unmatched"/);
  assert.match(metrics, /method="_OTHER"/);
  assert.match(metrics, /die_type="unknown"/);
  assert.ok((await spans()).some(({ name }) => name === 'HTTP /roll'));
});

test('the series of a die start at zero once die-service has confirmed it', async () => {
  dieService.answer = (_request, response) => response.end('{"faces":[20],"error_rate":0}');
  assert.doesNotMatch(await get('/metrics'), /d20/);

  await get('/roll?die=d20');
  dieService.answer = dieService.answerTruly;
  const series = (await get('/metrics')).match(/^.*"d20".*$/gm)!.map((line) => line.replace(/ # .*/, ''));

  for (const line of [
    'dice_rolls_total{die_type="d20",result="error"} 0',
    'dice_rolls_total{die_type="d20",result="success"} 1',
    'dice_roll_value_bucket{le="7",die_type="d20"} 0',
    'dice_roll_value_bucket{le="+Inf",die_type="d20"} 1',
    'dice_roll_value_sum{die_type="d20"} 20',
    'die_service_requests_total{identifier="d20",status="200"} 1',
    'die_service_requests_total{identifier="d20",status="503"} 0',
  ]) {
    assert.ok(series.includes(line), line);
  }
});

const lookUps = [
  { die: 'fair', identifier: 'fair', status: 200 },
  { die: 'loaded', identifier: 'unknown', status: 404 },
];

for (const { die, identifier, status } of lookUps) {
  test(`the look-up of a ${die} die is counted as ${identifier}, by what die-service answered`, async () => {
    const series = `die_service_requests_total{identifier="${identifier}",status="${status}"}`;

    assert.equal(await increase(series, () => get(`/roll?die=${die}`)), 1);
  });
}

test('a look-up without an answer is counted as 503, for a die that is known as its own', async () => {
  const fair = 'die_service_requests_total{identifier="fair",status="503"}';
  const unknown = 'die_service_requests_total{identifier="unknown",status="503"}';
  const rolls = 'http_request_duration_seconds_count{method="GET",handler="/roll",status="503",die_type="fair"}';

  assert.equal(await increase(fair, () => whileAway(() => get('/roll?die=fair'))), 1);
  assert.equal(await increase(rolls, () => whileAway(() => get('/roll?die=fair'))), 1);
  assert.equal(await increase(unknown, () => whileAway(() => get('/roll?die=loaded'))), 1);
});

test('an answer of die-service is counted under its own status', async () => {
  dieService.answer = (_request, response) => response.writeHead(500).end();
  const series = 'die_service_requests_total{identifier="fair",status="500"}';

  assert.equal(await increase(series, () => get('/roll?die=fair')), 1);
  dieService.answer = dieService.answerTruly;
});

test('the duration of a look-up carries the ids of its trace', async () => {
  const count = 'die_service_request_duration_seconds_count';
  assert.equal(await increase(count, () => get('/roll?die=fair')), 1);

  const { traceId, spanId } = (await spans())[0];
  assert.match(await exemplars(), new RegExp(`# {trace_id="${traceId}",span_id="${spanId}"} `));
});

test('a trace that is not sampled is not offered: it has ids in the log, and no exemplar', async () => {
  const traceId = '33333333333333333333333333333333';
  await get('/roll?die=fair', { headers: { traceparent: `00-${traceId}-b7ad6b7169203331-00` } });
  expectedSpans = 0;

  assert.equal(lines.filter((line) => line.trace_id === traceId).length, 3);
  assert.doesNotMatch(await exemplars(), new RegExp(traceId));
});

async function exemplars(): Promise<string> {
  const metrics = await get('/metrics', { headers: { Accept: 'application/openmetrics-text' } });

  return metrics.match(/^die_service_request_duration_seconds_bucket.* # .*$/gm)!.join('\n');
}
