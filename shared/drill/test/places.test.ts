import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { RunningStage } from '../../verify/stage/running-stage.ts';
import { backEnd } from '../../verify/test/back-end.ts';
import { span } from '../../verify/test/observations.ts';
import { placesOf, type Where } from '../telemetry/places.ts';

const [a, b, c] = ['a', 'b', 'c'].map((digit) => digit.repeat(32)) as [string, string, string];

function stageWith(urls: Record<string, string>, receiver?: string): RunningStage {
  const backEnd = (name: string) => (urls[name] ? { url: urls[name] } : { missing: `${name} is down` });
  const services = [{ name: 'dice', url: '' }];
  return { backEnd, receiver, services, jobs: [], directory: '/nowhere' } as unknown as RunningStage;
}

function readerOf<T>(place: Where<T>): T {
  assert.ok('read' in place);
  return place.read;
}

suite('the telemetry of a request', () => {
  test('is read from the receiver, where a trace of another service is not its own', async (t) => {
    const { url } = await backEnd(t, ({ pathname, searchParams }) => {
      if (pathname === '/api/logs') return { body: { logs: [{ message: `of ${searchParams.get('trace')![0]}` }] } };
      if (pathname.endsWith(a)) return { body: { spans: [span({ traceId: a })] } };
      if (pathname.endsWith(b)) return { body: { spans: [span({ traceId: b, service: 'other' })] } };
      return { status: 404, body: { error: 'no such trace' } };
    });
    const { spans, lines } = placesOf(stageWith({}, url), 'dice', 0);
    assert.deepEqual(await readerOf(spans)([a, b, c]), new Set([a]));
    const messages = await readerOf(lines)([a, b]);
    assert.deepEqual([messages.get(a), messages.get(b)], [['of a'], ['of b']]);
  });

  test('cannot be read from a receiver that fails, which is not the same as a trace that does not exist', async (t) => {
    const { url } = await backEnd(t, () => ({ status: 500, body: 'broken' }));
    await assert.rejects(readerOf(placesOf(stageWith({}, url), 'dice', 0).spans)([a]), /broken/);
  });

  test('is read from Tempo and Loki, whatever else was printed', async (t) => {
    const tempo = await backEnd(t, () => ({ body: { traces: [{ traceID: 'abc' }, { traceID: b }] } }));
    const printed = [`{"trace_id":"${a}","message":"one"}`, 'no JSON', 'null', `{"trace_id":"${a}","message":"two"}`];
    const values = printed.map((line, index) => [String(index), line]);
    const loki = await backEnd(t, () => ({ body: { data: { result: [{ values }] } } }));
    const urls = { 'otel-collector': loki.url, tempo: tempo.url, loki: loki.url };
    const { spans, lines } = placesOf(stageWith(urls), 'dice', 20_500);
    assert.deepEqual(await readerOf(spans)([]), new Set(['abc'.padStart(32, '0'), b]));
    const { q, start } = Object.fromEntries(tempo.asked[0]!.searchParams);
    assert.deepEqual([q, start], ['{ resource.service.name = "dice" } with (most_recent=true)', '10']);
    assert.deepEqual((await readerOf(lines)([a])).get(a), ['one', 'two']);
  });

  test('cannot be read where nothing takes it, or nothing feeds what does', () => {
    const url = 'http://127.0.0.1:1';
    const { spans, lines } = placesOf(stageWith({ tempo: url }), 'dice', 0);
    assert.deepEqual([spans, lines], [{ unreadable: 'otel-collector is down' }, { unreadable: 'loki is down' }]);
  });
});
