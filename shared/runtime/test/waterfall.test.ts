import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Span, Trace } from '../receiver/model.ts';
import { waterfall } from '../watch/waterfall.ts';

// Half an hour apart from UTC, so that a time in UTC is not taken for a local one.
process.env.TZ = 'Asia/Kolkata';

const uncoloured = { width: 80, paint: (_colour: string, text: string) => text };

function span(change: Partial<Span>): Span {
  const ids = { traceId: 'a'.repeat(32), spanId: '1', service: 'dice-roller', name: 'GET /roll' };
  return {
    ...ids,
    kind: 'SERVER',
    startMs: 1000,
    durationMs: 100,
    status: 'UNSET',
    attributes: {},
    events: [],
    ...change,
  };
}

function trace(spans: Span[], change: Partial<Trace> = {}): Trace {
  const summary = {
    traceId: 'a'.repeat(32),
    service: 'dice-roller',
    name: 'GET /roll',
    startMs: 1000,
    durationMs: 100,
  };
  return {
    ...summary,
    spanCount: spans.length,
    services: [],
    error: false,
    complete: true,
    finished: true,
    spans,
    logs: [],
    ...change,
  };
}

function rows(drawn: string): string[] {
  return drawn.split('\n');
}

test('a bar starts and ends where its span does, below its parent', () => {
  const child = span({
    spanId: '2',
    parentSpanId: '1',
    service: 'die-service',
    name: 'GET /dice',
    startMs: 1050,
    durationMs: 50,
  });
  const [headline, parent, below] = rows(waterfall(trace([span({}), child]), uncoloured));
  assert.match(headline!, /^trace a{32}  05:30:01\.000\+05:30  100\.0 ms  2 spans$/);
  assert.match(parent!, /^dice-roller GET \/roll +█+ +100\.0 ms$/);
  assert.match(below!, /^die-service   GET \/dice +█+ +50\.0 ms$/);
  assert.equal(parent!.lastIndexOf('█'), below!.lastIndexOf('█'));
  const length = (row: string): number => row.replace(/[^█]/g, '').length;
  assert.ok(Math.abs(length(parent!) - 2 * length(below!)) <= 1);
});

test('the shortest span still has a bar, also one at the very end', () => {
  const last = span({ spanId: '2', parentSpanId: '1', startMs: 1100, durationMs: 0 });
  const [, , row] = rows(waterfall(trace([span({}), last]), uncoloured));
  assert.match(row!, /█ +0\.00 ms$/);
});

test('a failed span is marked, with what went wrong', () => {
  const event = { name: 'exception', timeMs: 1, attributes: { 'exception.message': 'The risky die failed' } };
  const failed = span({ status: 'ERROR', statusMessage: 'The risky die failed', events: [event] });
  const [, row, detail] = rows(waterfall(trace([failed]), uncoloured));
  assert.match(row!, /✗$/);
  assert.equal(detail!.trim(), 'error: The risky die failed');
});

test('the attributes of the application are shown, those of every request are not', () => {
  const attributes = {
    'die.type': 'fair',
    'die.result': 3,
    'url.path': '/roll',
    'network.peer.port': 1,
    'http.route': '/roll',
  };
  const drawn = waterfall(trace([span({ attributes })]), uncoloured);
  assert.match(drawn, /die\.type=fair die\.result=3 http\.route=\/roll/);
  assert.doesNotMatch(drawn, /url\.path|network/);
});

test('log lines follow, with their level, message and fields', () => {
  const log = {
    timeMs: 1_010,
    service: 'dice-roller',
    level: 'WARNING',
    message: 'Invalid die type',
    fields: { die_type: 'x' },
  };
  const drawn = rows(waterfall(trace([span({})], { logs: [log] }), uncoloured));
  assert.equal(drawn.at(-1), '  05:30:01.010 WARNING dice-roller: Invalid die type die_type=x');
});

test('nothing is wider than the terminal, whatever the names, depths and values', () => {
  const long = 'x'.repeat(300);
  const deep = Array.from({ length: 30 }, (_, depth) =>
    span({ spanId: String(depth), ...(depth > 0 && { parentSpanId: String(depth - 1) }), name: long, service: long }),
  );
  const spans = [...deep, span({ spanId: 'z', attributes: { [long]: long, short: 'y' } })];
  const logs = [{ timeMs: 0, service: long, message: long, fields: {} }];
  for (const width of [60, 80, 133]) {
    const widest = Math.max(
      ...rows(waterfall(trace(spans, { logs }), { ...uncoloured, width })).map((row) => row.length),
    );
    assert.ok(widest <= width, `${widest} columns of ${width}`);
  }
});

test('what a client sent cannot move the cursor or forge a line', () => {
  const evil = 'a\u001b[2Jb\nc\u202ed';
  const logs = [{ timeMs: 0, service: 'web', message: evil, fields: { evil } }];
  const drawn = waterfall(trace([span({ name: evil, attributes: { evil } })], { logs }), uncoloured);
  assert.doesNotMatch(drawn, /[\u001b\u202e]/);
  assert.equal(rows(drawn).length, 4);
});
