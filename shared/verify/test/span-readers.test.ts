import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import protobuf from 'protobufjs';
import { receiver, tempo } from '../read/span-readers.ts';
import { backEnd } from './back-end.ts';
import { span } from './observations.ts';

test('what the receiver has dropped in the meantime is remembered, and only a trace that grew is read again', async (t) => {
  const now: Record<string, object[]> = { a: [span({ spanId: 'a1' })], b: [span({ spanId: 'b1' })] };
  const { url, asked } = await backEnd(t, ({ pathname }) => {
    const id = pathname.split('/')[3];
    const traces = Object.entries(now).map(([traceId, { length: spanCount }]) => ({ traceId, spanCount }));
    return { body: id ? { spans: now[id] } : { traces } };
  });
  const { read } = receiver(url);
  const ids = async (): Promise<string[]> => (await read()).map(({ spanId }) => spanId).sort();
  assert.deepEqual(await ids(), ['a1', 'b1']);
  assert.deepEqual(Object.fromEntries(asked[0]!.searchParams), { limit: '1000', settled: '1' });
  delete now.a;
  now.b!.push(span({ spanId: 'b2' }));
  const before = asked.length;
  assert.deepEqual(await ids(), ['a1', 'b1', 'b2']);
  assert.deepEqual(await ids(), ['a1', 'b1', 'b2']);
  const paths = asked.slice(before).map(({ pathname }) => pathname);
  assert.deepEqual(paths, ['/api/traces', '/api/traces/b', '/api/traces'], 'what has not changed is not read again');
});

const since = 1_700_000_000_500;
const attribute = (key: string, stringValue: string) => ({ key, value: { stringValue } });

/** A span as a search of Tempo has it, so many milliseconds after `since`. */
const found = (spanID: string, after: number) => ({
  ...{ spanID, startTimeUnixNano: `${since + after}000000`, durationNanos: '1000000' },
  attributes: [attribute('name', 'GET'), attribute('service.name', 'dice')],
});

/** A whole trace of two spans of `since`, as it was sent. */
function traceBody(): Buffer {
  const schema = protobuf.loadSync(join(import.meta.dirname, '../../runtime/receiver/otlp.proto'));
  const time = `${since}000000`;
  const spans = ['c1', 'c2'].map((id) => ({
    ...{ traceId: Buffer.from('c'.repeat(32), 'hex'), spanId: Buffer.from(id.repeat(8), 'hex'), name: 'GET' },
    ...{ startTimeUnixNano: time, endTimeUnixNano: time, attributes: [] },
  }));
  const type = schema.lookupType('TracesRequest');
  const message = { resourceSpans: [{ resource: { attributes: [] }, scopeSpans: [{ spans }] }] };
  return Buffer.from(type.encode(type.fromObject(message)).finish());
}

test('Tempo gives every span of this run, with its attributes, and the whole of a trace that a search cuts', async (t) => {
  const traces = [
    { traceID: 'a', spanSets: [{ matched: 2, spans: [found('a1', 0), found('a0', -1)] }] },
    { traceID: 'c'.repeat(32), spanSets: [{ matched: 2, spans: [found('c1', 0)] }] },
  ];
  const scopes = [
    { name: 'span', tags: ['http.route', 'odd "name"'] },
    { name: 'resource', tags: ['host.name'] },
  ];
  const { url, asked } = await backEnd(t, ({ pathname }) => {
    if (pathname === '/api/v2/search/tags') return { body: { scopes } };
    return { body: pathname === '/api/search' ? { traces } : traceBody() };
  });
  const ids = (await tempo(url, since).read()).map(({ spanId }) => spanId);
  assert.deepEqual(ids, ['a1'.padStart(16, '0'), 'c1'.repeat(8), 'c2'.repeat(8)]);
  assert.deepEqual(
    asked.map(({ pathname }) => pathname),
    ['/api/v2/search/tags', '/api/search', `/api/traces/${'c'.repeat(32)}`],
  );
  const { q, start } = Object.fromEntries(asked[1]!.searchParams);
  assert.match(q!, /^\{\} \| select\(name, .*, event:name, span\."http\.route", span\."odd \\"name\\""\) with/);
  assert.equal(start, '1700000000');
});
