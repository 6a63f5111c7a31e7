import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { createLogStore } from '../receiver/log-store.ts';
import type { LogLine, Span } from '../receiver/model.ts';
import { createTraceStore, type TraceStoreOptions } from '../receiver/trace-store.ts';
import { spanTree } from '../viewer/page/span-tree.ts';

const span = (traceId: string, spanId: string, more: Partial<Span> = {}): Span => ({
  ...{ traceId, spanId, service: 'web', name: spanId, kind: 'SERVER', startMs: 0, durationMs: 1, status: 'UNSET' },
  ...{ attributes: {}, events: [] },
  ...more,
});

function openStore(t: TestContext, options: TraceStoreOptions = {}) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const finished: string[] = [];
  const store = createTraceStore({ ...options, onFinished: (traceId) => void finished.push(traceId) });
  t.after(store.close);
  return { ...store, finished, pass: (milliseconds: number) => t.mock.timers.tick(milliseconds) };
}

test('a trace is finished once nothing has arrived for a while, and again when something arrives later', (t) => {
  const { addSpans, finished, pass } = openStore(t, { quiet: 1000 });
  addSpans([span('a', 'root')]);
  pass(999);
  addSpans([span('a', 'child', { parentSpanId: 'root' })]);
  pass(999);
  assert.deepEqual(finished, []);
  pass(1);
  assert.deepEqual(finished, ['a']);
  addSpans([span('a', 'late', { parentSpanId: 'root' })]);
  pass(1000);
  assert.deepEqual(finished, ['a', 'a']);
});

test('a trace with a parent that has not come is waited for longer, and is not complete', (t) => {
  const { addSpans, find, finished, pass } = openStore(t, { quiet: 1000, quietIncomplete: 5000 });
  addSpans([span('a', 'child', { parentSpanId: 'root' })]);
  pass(4999);
  assert.deepEqual([finished, find('a')!.complete, find('a')!.finished], [[], false, false]);
  addSpans([span('a', 'root')]);
  pass(1000);
  assert.deepEqual([finished, find('a')!.complete, find('a')!.finished], [['a'], true, true]);
});

test('a trace is summed up by its root, wherever that is, and by all of its spans', (t) => {
  const { addSpans, list } = openStore(t);
  addSpans([
    span('a', 'client', { parentSpanId: 'root', startMs: 5, durationMs: 30, service: 'roller', status: 'ERROR' }),
    span('a', 'root', { startMs: 10, durationMs: 20 }),
  ]);
  const [{ name, service, startMs, durationMs, spanCount, services, error }] = list(1) as any;
  assert.deepEqual(
    { name, service, startMs, durationMs, spanCount, services, error },
    {
      name: 'root',
      service: 'web',
      startMs: 5,
      durationMs: 30,
      spanCount: 2,
      services: ['roller', 'web'],
      error: true,
    },
  );
});

test('a span that is sent twice counts once', (t) => {
  const { addSpans, find } = openStore(t);
  for (let time = 0; time < 2; time++) addSpans([span('a', 'root')]);
  assert.equal(find('a')!.spanCount, 1);
});

test('the traces that grew last are kept, and of one that never ends the first spans', (t) => {
  const { addSpans, list, find } = openStore(t, { mostTraces: 2, mostSpans: 3 });
  for (const traceId of ['a', 'b', 'a', 'c']) addSpans([span(traceId, `${traceId}${Math.random()}`)]);
  assert.deepEqual(
    list(9).map(({ traceId }) => traceId),
    ['c', 'a'],
  );
  addSpans(['1', '2', '3', '4'].map((spanId) => span('d', spanId)));
  assert.equal(find('d')!.spanCount, 3);
});

test('waiting until traces have settled includes the last of those that were growing, and none that begins later', async (t) => {
  const { addSpans, settled, pass } = openStore(t, { quiet: 1000 });
  await settled();
  const order: string[] = [];
  addSpans([span('a', 'root')]);
  pass(500);
  addSpans([span('b', 'root')]);
  const waiting = settled().then(() => order.push('settled'));
  pass(400);
  addSpans([span('c', 'root')]);
  pass(200);
  order.push('a is finished');
  await Promise.resolve();
  pass(400);
  await waiting;
  assert.deepEqual(order, ['a is finished', 'settled']);
});

test('a trace that is dropped is waited for no longer', async (t) => {
  const { addSpans, settled } = openStore(t, { mostTraces: 1 });
  addSpans([span('a', 'root')]);
  const waiting = settled();
  addSpans([span('b', 'root')]);
  await waiting;
});

test('the newest lines are kept, and those of a trace keep their own order', () => {
  const { add, list, ofTrace } = createLogStore(3);
  const line = (message: string, timeMs: number): LogLine => ({
    ...{ message, timeMs, service: 'web', traceId: 'a', fields: {} },
  });
  for (const [message, time] of [
    ['dropped', 0],
    ['second', 2],
    ['first', 1],
    ['third', 3],
  ] as const)
    add(line(message, time));
  const messages = (lines: LogLine[]) => lines.map(({ message }) => message);
  assert.deepEqual(messages(ofTrace('a')), ['first', 'second', 'third']);
  assert.deepEqual(messages(list(2, () => true)), ['third', 'first'], 'newest first, by arrival');
  assert.deepEqual(messages(list(9, ({ message }) => message === 'dropped')), []);
});

test('children are below their parents, and no span is lost whatever it claims to be', () => {
  const spans = [
    span('a', 'root'),
    span('a', 'child', { parentSpanId: 'root' }),
    span('a', 'grandchild', { parentSpanId: 'child' }),
    span('a', 'orphan', { parentSpanId: 'nobody' }),
    span('a', 'own ancestor', { parentSpanId: 'own ancestor' }),
  ];
  const rows = spanTree(spans).map(({ span, depth }) => [span.name, depth]);
  assert.deepEqual(rows, [
    ['root', 0],
    ['child', 1],
    ['grandchild', 2],
    ['orphan', 0],
    ['own ancestor', 0],
  ]);
});
