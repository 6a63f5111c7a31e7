import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Readers } from '../../verify/observe.ts';
import { span } from '../../verify/test/observations.ts';
import { recent } from '../recent.ts';

const reader = <T>(seen: T) => ({ name: 'a', patience: 0, read: async () => seen });
const missing = { name: 'a', missing: 'not here' };
const line = (second: number): string => `{"timestamp":"1970-01-01T00:00:0${second}.000Z"}`;

test('spans and lines from a moment on are read, with what was printed between them', async () => {
  const spans = [999, 1000, 1001].map((startMs) => span({ spanId: String(startMs), startMs }));
  const lines = ['no JSON before', line(0), 'no JSON of then', line(1), 'no JSON of now', line(2)];
  const metrics = [{ service: 'dice', reader: reader([]) }];
  const logs = [reader(lines), reader(lines.slice(0, 3)), missing].map((reader) => ({ service: 'dice', reader }));
  const all = { metrics, logs, spans: reader(spans), usage: { logs: [] } } as Readers;
  const now = recent(all, 1000);
  const read = <T>(from: unknown): Promise<T> => (from as { read: () => Promise<T> }).read();
  assert.deepEqual(await read(now.spans), spans.slice(1));
  assert.deepEqual(await read(now.logs[0]!.reader), lines.slice(3));
  assert.deepEqual(await read(now.logs[1]!.reader), []);
  assert.deepEqual([now.logs[2]!.reader, now.metrics], [missing, metrics]);
  assert.deepEqual(recent({ ...all, spans: missing }, 1000).spans, missing);
});
