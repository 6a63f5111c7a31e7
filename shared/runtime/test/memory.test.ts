import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { openMemory } from '../receiver/memory.ts';
import type { LogLine, Span, StreamEvents, Trace } from '../receiver/model.ts';
import type { Stream } from '../receiver/stream.ts';

const root: Span = {
  ...{ traceId: 'a', spanId: 'root', service: 'web', name: 'GET', kind: 'SERVER', startMs: 0, durationMs: 1 },
  ...{ status: 'UNSET', attributes: {}, events: [] },
};

const line = (message: string, more: Partial<LogLine> = {}): LogLine => ({
  ...{ message, service: 'web', timeMs: Date.now(), fields: {} },
  ...more,
});

function memory(t: TestContext) {
  const sent: [keyof StreamEvents, unknown][] = [];
  const stream = { send: (name, data) => void sent.push([name, data]), join: () => undefined } satisfies Stream;
  const opened = openMemory(stream, { quiet: 5, quietIncomplete: 5 });
  t.after(opened.close);
  return { ...opened, sent };
}

test('a trace has its own log lines, in the order of their times', (t) => {
  const { addSpans, addLog, trace } = memory(t);
  addSpans([root]);
  addLog(line('second', { traceId: 'a', timeMs: 2 }));
  addLog(line('first', { traceId: 'a', timeMs: 1 }));
  addLog(line('of another', { traceId: 'b', timeMs: 1 }));
  addLog(line('of none', { timeMs: 1 }));
  assert.deepEqual(
    trace('a')!.logs.map(({ message }) => message),
    ['first', 'second'],
  );
  assert.equal(trace('b'), undefined);
});

test('a listener gets a line as it arrives, and a trace with its lines once it is finished', async (t) => {
  const { addSpans, addLog, settled, sent } = memory(t);
  addSpans([root]);
  addLog(line('rolled', { traceId: 'a' }));
  assert.deepEqual(
    sent.map(([name]) => name),
    ['log'],
  );
  await settled();
  const [name, data] = sent[1] as ['trace', Trace];
  assert.deepEqual([name, data.finished, data.spanCount, data.logs[0]!.message], ['trace', true, 1, 'rolled']);
});

test('a trace that a new line names is waited for, and one that an old line names is not', async (t) => {
  const { addSpans, addLog, settled, trace } = memory(t);
  addLog(line('long ago', { traceId: 'lost', timeMs: Date.now() - 60_000 }));
  await settled();
  addLog(line('on its way', { traceId: 'a' }));
  let isSettled = false;
  const waiting = settled().then(() => (isSettled = true));
  await new Promise(setImmediate);
  assert.equal(isSettled, false);
  addSpans([root]);
  await waiting;
  assert.equal(trace('a')!.finished, true);
});
