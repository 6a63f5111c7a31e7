import { context } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { syncBuiltinESMExports } from 'node:module';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { after, afterEach, test } from 'node:test';
import timers from 'node:timers/promises';
import { CLIENT, ERROR, INTERNAL, SERVER, startCollector, type Span } from './collector.ts';
import { startDieService } from './fake-die-service.ts';

// Each wait of a roll is noted, or is this long.
const sleep = timers.setTimeout;
const delays: number[] = [];
let fixedDelay: number | undefined;
timers.setTimeout = ((ms: number, ...rest: any[]) => {
  delays.push(fixedDelay ?? ms);
  return sleep(fixedDelay ?? ms, ...rest);
}) as typeof sleep;
syncBuiltinESMExports();

const collector = await startCollector();
const dieService = await startDieService();
Object.assign(process.env, collector.environment, { DIE_SERVICE_URL: dieService.url, ROLL_MAX_DELAY_MS: '300' });
await import('../src/instrumentation.ts');
const { createApp } = await import('../src/app.ts');
const { logger } = await import('../src/logger.ts');
const { default: winston } = await import('winston');

const lines: Record<string, any>[] = [];
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

async function get(path: string, init?: RequestInit) {
  // This test's own call is not a part of what is tested.
  const response = await context.with(suppressTracing(context.active()), () => fetch(url + path, init));
  const text = await response.text();

  return { status: response.status, text, body: text.startsWith('{') && JSON.parse(text) };
}

async function metric(series: string): Promise<number> {
  const line = (await get('/metrics')).text.split('\n').find((text) => text.startsWith(`${series} `));
  assert.ok(line, series);

  return Number(line.split(' ')[1]);
}

async function increase(series: string, action: () => Promise<unknown>) {
  const earlier = await metric(series);
  await action();

  return (await metric(series)) - earlier;
}

// The request's span and those of its rolls, in the order of their index.
async function batchSpans() {
  const find = () => collector.spans.find((span) => span.name === 'GET /roll-async');
  while (!find()) await sleep(5);
  const request = find()!;
  const rolls = collector.spans.filter((span) => span.name === 'async roll');

  return { request, rolls: rolls.sort((a, b) => index(a) - index(b)) };
}

const index = (span: Span) => Number(span.attributes['async.roll_index']);
const numbers = (count: number) => Array.from({ length: count }, (_, number) => number);

// A die that fails this often.
function loadDie(error_rate: number) {
  dieService.answer = (_request, response) => response.end(JSON.stringify({ faces: [2, 3], error_rate }));
}

afterEach(async () => {
  fixedDelay = undefined;
  dieService.answer = dieService.answerTruly;
  await sleep(30);
  dieService.requests.length = collector.spans.length = lines.length = delays.length = 0;
});

after(() => {
  server.close();
  dieService.close();
  collector.close();
});

test('a batch is answered with its rolls, their total and their number, after one look-up', async () => {
  const { status, body } = await get('/roll-async?die=risky&times=1');
  assert.equal(status === 200 || status === 500, true);

  const { body: fair } = await get('/roll-async?die=fair&times=7');
  assert.deepEqual(Object.keys(fair), ['total', 'rolls', 'count']);
  assert.equal(fair.count, 7);
  assert.equal(fair.rolls.length, 7);
  assert.equal(
    fair.rolls.every((value: number) => value >= 1 && value <= 6),
    true,
  );
  assert.equal(
    fair.total,
    fair.rolls.reduce((sum: number, value: number) => sum + value),
  );
  assert.equal(dieService.requests.length, 2);
});

const wrong = ['', '0', '-1', '+1', '1.5', '1e1', '01', '101', '9'.repeat(400), 'ten', ' 1', '0x1', '1&times=2'];

for (const times of wrong) {
  test(`times=${times.slice(0, 10)} is refused with 400, and nothing is looked up`, async () => {
    const { status, body } = await get(`/roll-async?die=fair&times=${times}`);

    assert.equal(status, 400);
    assert.deepEqual(body, { error: 'times must be a whole number from 1 to 100' });
    assert.equal(dieService.requests.length, 0);
  });
}

test('a batch without times is refused with 400', async () => {
  assert.equal((await get('/roll-async?die=fair')).status, 400);
});

test('a batch of an unknown die is refused with 400, and is not a batch', async () => {
  const { status, body } = await get('/roll-async?die=loaded&times=2');

  assert.equal(status, 400);
  assert.deepEqual(body, { error: 'die must be one that die-service lists' });
  assert.doesNotMatch((await get('/metrics')).text, /async_rolls_total\{[^}]*(unknown|loaded)/);
});

test('without die-service a batch is answered with 503, and logged as a failed request', async () => {
  dieService.answer = (_request, response) => response.destroy();

  assert.equal((await get('/roll-async?die=fair&times=2')).status, 503);
  assert.deepEqual(
    lines.filter(({ level }) => level === 'ERROR').map(({ message }) => message),
    ['Request failed'],
  );
});

test('POST /roll-async is answered with 405', async () => {
  assert.equal((await get('/roll-async?die=fair&times=2', { method: 'POST' })).status, 405);
});

test('the largest batch is rolled, and its line has the first twenty rolls and their number', async () => {
  const { status, body } = await get('/roll-async?die=fair&times=100');

  assert.equal(status, 200);
  assert.equal(body.rolls.length, 100);
  const { rolls, count } = lines.find(({ message }) => message === 'Async roll batch completed')!;
  assert.deepEqual(rolls, body.rolls.slice(0, 20));
  assert.equal(count, 100);
});

test('a batch of ten takes at least as long as its slowest roll, and not as long as all of them', async () => {
  await get('/roll-async?die=fair&times=1');
  delays.length = 0;

  const started = performance.now();
  await get('/roll-async?die=fair&times=10');
  const took = performance.now() - started;
  const slowest = Math.max(...delays);
  const sum = delays.reduce((total, delay) => total + delay);

  assert.equal(delays.length, 10);
  assert.equal(new Set(delays).size, 10);
  assert.equal(took > slowest - 2 && took < sum, true, `${took} ms for ${delays.join(', ')} ms`);
});

test('the rolls are spans side by side in the span of the request', async () => {
  fixedDelay = 100;
  const { body } = await get('/roll-async?die=fair&times=10');
  const { request, rolls } = await batchSpans();
  const first = Math.min(...rolls.map((span) => Number(span.endTimeUnixNano)));

  assert.equal(request.kind, SERVER);
  assert.equal(request.attributes['http.route'], '/roll-async');
  assert.equal(request.attributes['die.type'], 'fair');
  assert.equal(request.attributes['async.batch_size'], 10);
  assert.equal(request.attributes['async.total_result'], body.total);
  assert.deepEqual(rolls.map(index), numbers(10));
  assert.deepEqual(
    rolls.map((span) => span.attributes['die.result']),
    body.rolls,
  );
  for (const span of rolls) {
    assert.equal(span.kind, INTERNAL);
    assert.equal(span.traceId, request.traceId);
    assert.equal(span.parentSpanId, request.spanId);
    assert.equal(Number(span.startTimeUnixNano) < first, true, 'each begins before any has ended');
  }
  assert.equal(collector.spans.filter((span) => span.kind === CLIENT).length, 1);
});

test('a batch with a failed roll is answered with 500, when all its rolls have ended', async () => {
  loadDie(0.5);
  const { status, body } = await get('/roll-async?die=loaded&times=40');
  const { request, rolls } = await batchSpans();
  const failed = rolls.filter((span) => span.status.code === ERROR);
  // Each span reads the clock for itself, to the millisecond.
  const end = BigInt(request.endTimeUnixNano) + 2_000_000n;

  assert.equal(status, 500);
  assert.deepEqual(body, { error: `${failed.length} of 40 rolls failed` });
  assert.equal(rolls.length, 40);
  assert.equal(
    rolls.every((span) => BigInt(span.endTimeUnixNano) <= end),
    true,
    'no roll outlives its batch',
  );
  for (const span of rolls) {
    assert.equal(span.attributes['error.type'], failed.includes(span) ? 'InternalServerError' : undefined);
    assert.equal('die.result' in span.attributes, !failed.includes(span));
  }
  assert.equal(request.status.code, ERROR);
  assert.deepEqual(request.events, []);
  assert.equal('async.total_result' in request.attributes, false);
  assert.equal(await metric('async_rolls_in_progress'), 0);
});

test('a batch logs its start, each roll within the span of the roll, and its result', async () => {
  const { body } = await get('/roll-async?die=fair&times=3');
  const { request, rolls } = await batchSpans();
  const events = lines.map(({ timestamp, ...event }) => event);
  const ids = (span: Span) => ({ level: 'INFO', trace_id: span.traceId, span_id: span.spanId });

  assert.equal(events.length, 6);
  assert.deepEqual(events[1], {
    message: 'Async roll batch started',
    ...ids(request),
    die_type: 'fair',
    times: 3,
  });
  assert.deepEqual(
    events.slice(2, 5).sort((a, b) => a.roll_index - b.roll_index),
    numbers(3).map((roll_index) => ({
      message: 'Async die rolled',
      ...ids(rolls[roll_index]),
      die_type: 'fair',
      roll_index,
      roll_value: body.rolls[roll_index],
    })),
  );
  assert.deepEqual(events[5], {
    message: 'Async roll batch completed',
    ...ids(request),
    die_type: 'fair',
    total: body.total,
    rolls: body.rolls,
    count: 3,
  });
});

test('a failed batch logs a warning for each failed roll, and one error', async () => {
  loadDie(1);
  await get('/roll-async?die=loaded&times=2');
  const events = lines
    .filter(({ level }) => level !== 'INFO')
    .map(({ timestamp, trace_id, span_id, ...event }) => event);
  const warning = {
    level: 'WARNING',
    message: 'Async roll failed',
    die_type: 'loaded',
    error: 'The loaded die failed',
  };

  assert.deepEqual(
    events.slice(0, 2).sort((a, b) => a.roll_index - b.roll_index),
    numbers(2).map((roll_index) => ({ ...warning, roll_index })),
  );
  assert.deepEqual(events.slice(2), [
    { level: 'ERROR', message: 'Async roll batch failed', die_type: 'loaded', error: '2 of 2 rolls failed' },
  ]);
});

for (const { error_rate, result, status, values } of [
  { error_rate: 0, result: 'success', status: 200, values: 4 },
  { error_rate: 1, result: 'error', status: 500, values: 0 },
]) {
  test(`a batch of four that ends in ${result} is counted once, its dice with a value each, from zero`, async () => {
    const roll = () => get('/roll-async?die=batched&times=4');
    const labels = `method="GET",handler="/roll-async",status="${status}"`;
    loadDie(error_rate);
    fixedDelay = 1;
    await roll();

    const expected = {
      [`async_rolls_total{die_type="batched",result="${result}"}`]: 1,
      [`async_rolls_total{die_type="batched",result="${result === 'error' ? 'success' : 'error'}"}`]: 0,
      [`dice_rolls_total{die_type="batched",result="${result}"}`]: 0,
      async_roll_batch_size_count: 1,
      async_roll_batch_size_sum: 4,
      'async_roll_batch_size_bucket{le="3"}': 0,
      'async_roll_batch_size_bucket{le="4"}': 1,
      async_roll_duration_seconds_count: 1,
      'dice_roll_value_count{die_type="batched"}': values,
      [`http_requests_total{${labels}}`]: 1,
      [`http_request_duration_seconds_count{${labels},die_type="batched"}`]: 1,
    };
    for (const [series, count] of Object.entries(expected)) assert.equal(await increase(series, roll), count, series);
  });
}

test('the duration of a batch carries the ids of its trace', async () => {
  await get('/roll-async?die=fair&times=2');
  const { traceId, spanId } = (await batchSpans()).request;
  const { text } = await get('/metrics', { headers: { Accept: 'application/openmetrics-text' } });
  const exemplars = text.match(/^async_roll_duration_seconds_bucket.* # .*$/gm)!;

  assert.ok(exemplars.some((line) => line.includes(`# {trace_id="${traceId}",span_id="${spanId}"} `)));
});

test('the rolls in progress are counted while they are', async () => {
  fixedDelay = 300;
  const batch = get('/roll-async?die=fair&times=9');
  while (delays.length < 9) await sleep(5);

  assert.equal(await metric('async_rolls_in_progress'), 9);
  await batch;
  assert.equal(await metric('async_rolls_in_progress'), 0);
});

test('a hundred concurrent batches of ten are all answered, and none is left in progress', async () => {
  const batches = await Promise.all(numbers(100).map(() => get('/roll-async?die=fair&times=10')));

  assert.deepEqual([...new Set(batches.map(({ status }) => status))], [200]);
  assert.equal(
    batches.every(({ body }) => body.rolls.length === 10),
    true,
  );
  assert.equal(await metric('async_rolls_in_progress'), 0);
});
