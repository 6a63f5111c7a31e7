import assert from 'node:assert/strict';
import { request } from 'node:http';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { trace } from '@opentelemetry/api';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { serverSentEvents } from '../watch/server-sent-events.ts';
import { get, json, receiver, spanRequest, traceId } from './open-receiver.ts';

test("the SDK's own exporter delivers spans, as gzipped protobuf", async (t) => {
  const { url } = await receiver(t);
  process.env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT = `${url}/v1/traces`;
  process.env.OTEL_EXPORTER_OTLP_PROTOCOL = 'http/protobuf';
  process.env.OTEL_EXPORTER_OTLP_COMPRESSION = 'gzip';
  process.env.OTEL_METRICS_EXPORTER = process.env.OTEL_LOGS_EXPORTER = 'none';
  const sdk = new NodeSDK({ serviceName: 'exporting', autoDetectResources: false });
  sdk.start();
  const id = trace.getTracer('test').startActiveSpan('outer', (outer) => {
    const attributes = { text: 'a', whole: 7, real: 1.5, yes: true, list: ['x', 'y'] };
    trace.getTracer('test').startSpan('inner', { attributes }).end();
    outer.recordException(new Error('broken'));
    outer.setStatus({ code: 2, message: 'broken' }).end();
    return outer.spanContext().traceId;
  });
  await sdk.shutdown();
  const found = await get(`${url}/api/traces/${id}`);
  const [outer, inner] = ['outer', 'inner'].map((name) => found.spans.find((span: any) => span.name === name));
  assert.equal(found.error, true);
  assert.deepEqual(
    [outer.name, outer.service, outer.status, outer.statusMessage],
    ['outer', 'exporting', 'ERROR', 'broken'],
  );
  assert.equal(outer.events[0].attributes['exception.message'], 'broken');
  assert.equal(inner.parentSpanId, outer.spanId);
  assert.deepEqual(inner.attributes, { text: 'a', whole: 7, real: 1.5, yes: true, list: ['x', 'y'] });
});

test('JSON is accepted, gzipped too, and answered in JSON', async (t) => {
  const { url } = await receiver(t);
  const body = gzipSync(spanRequest({}));
  const response = await fetch(`${url}/v1/traces`, {
    method: 'POST',
    headers: { ...json, 'content-encoding': 'gzip' },
    body,
  });
  assert.deepEqual([response.status, await response.json()], [200, {}]);
  const { traces } = await get(`${url}/api/traces?settled=1`);
  assert.deepEqual(
    traces.map(({ traceId, service, name, durationMs, finished }: any) => ({
      traceId,
      service,
      name,
      durationMs,
      finished,
    })),
    [{ traceId, service: 'dice-roller', name: 'GET /roll', durationMs: 250, finished: true }],
  );
});

test('an accepted protobuf request is answered with an empty protobuf message', async (t) => {
  const { url } = await receiver(t);
  const headers = { 'content-type': 'application/x-protobuf' };
  const response = await fetch(`${url}/v1/metrics`, { method: 'POST', headers, body: new Uint8Array() });
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('content-type'), 'application/x-protobuf');
  assert.equal((await response.arrayBuffer()).byteLength, 0);
});

test('a foreign host name is refused, so that no web page reads what is here', async (t) => {
  const { url } = await receiver(t);
  const ask = (host: string): Promise<number | undefined> => {
    const { promise, resolve } = Promise.withResolvers<number | undefined>();
    request(`${url}/api/traces`, { headers: { host } }, (response) => resolve(response.resume().statusCode)).end();
    return promise;
  };
  assert.equal(await ask('evil.example:4318'), 403);
  assert.equal(await ask('127.0.0.1.evil.example'), 403);
  assert.equal(await ask('localhost:4318'), 200);
});

test('printed lines join their trace, and are listed by service', async (t) => {
  const { url, addLine } = await receiver(t);
  const line = { level: 'INFO', message: 'Die rolled', trace_id: traceId, span_id: '00f067aa0ba902b7', roll_value: 3 };
  const time = new Date(1_700_000_000_100);
  addLine({ service: 'dice-roller', source: 'stdout', text: JSON.stringify(line), time });
  addLine({ service: 'other', source: 'stderr', text: 'not JSON', time });
  await fetch(`${url}/v1/traces`, { method: 'POST', headers: json, body: spanRequest({}) });
  const expected = {
    timeMs: time.getTime(),
    service: 'dice-roller',
    level: 'INFO',
    message: 'Die rolled',
    traceId,
    spanId: line.span_id,
  };
  const { logs } = await get(`${url}/api/traces/${traceId}`);
  assert.deepEqual(logs, [{ ...expected, fields: { roll_value: 3 } }]);
  const others = await get(`${url}/api/logs?service=other`);
  assert.deepEqual(others.logs, [{ timeMs: time.getTime(), service: 'other', message: 'not JSON', fields: {} }]);
});

test('only the newest traces are kept', async (t) => {
  const { url } = await receiver(t, 2);
  for (const digit of ['1', '2', '3']) {
    await fetch(`${url}/v1/traces`, { method: 'POST', headers: json, body: spanRequest({}, digit.repeat(32)) });
  }
  const { traces } = await get(`${url}/api/traces`);
  assert.deepEqual(
    traces.map(({ traceId }: any) => traceId[0]),
    ['3', '2'],
  );
});

test('the stream sends finished traces, and again when a late span comes, log lines and notices', async (t) => {
  const { url, addLine, notice } = await receiver(t);
  const events = serverSentEvents(`${url}/api/stream`);
  const first = events.next();
  const late = { spanId: '1111111111111111', parentSpanId: '00f067aa0ba902b7', name: 'late' };
  // The stream is open when its first event comes, whichever of these that is.
  const telling = setInterval(() => notice('web crashed'), 20);
  t.after(() => clearInterval(telling));
  assert.deepEqual((await first).value, { name: 'notice', data: { text: 'web crashed' } });
  clearInterval(telling);
  const seen: string[] = [];
  addLine({ service: 'web', source: 'stdout', text: 'a line', time: new Date() });
  await fetch(`${url}/v1/traces`, { method: 'POST', headers: json, body: spanRequest({}) });
  for await (const { name, data } of events) {
    if (name === 'log') seen.push(data.message);
    if (name !== 'trace') continue;
    seen.push(`${data.spanCount} spans`);
    if (data.spanCount === 2) break;
    await fetch(`${url}/v1/traces`, { method: 'POST', headers: json, body: spanRequest(late) });
  }
  assert.deepEqual(seen, ['a line', '1 spans', '2 spans']);
});

test('a trace that a log line announces is waited for, and one that never comes is not waited for forever', async (t) => {
  const { url, addLine } = await receiver(t);
  const line = (id: string) => ({ message: 'Die rolled', timestamp: new Date().toISOString(), trace_id: id });
  const print = (id: string) =>
    addLine({ service: 'web', source: 'stdout', text: JSON.stringify(line(id)), time: new Date() });
  print(traceId);
  const asked = get(`${url}/api/traces?settled=1`);
  await fetch(`${url}/v1/traces`, { method: 'POST', headers: json, body: spanRequest({}) });
  assert.deepEqual(
    (await asked).traces.map(({ traceId }: any) => traceId),
    [traceId],
  );
  print('f'.repeat(32));
  assert.equal((await get(`${url}/api/traces?settled=1`)).traces.length, 1);
});

test('the lines of a trace are in order of time, whatever the order of their arrival', async (t) => {
  const { url, addLine } = await receiver(t);
  await fetch(`${url}/v1/traces`, { method: 'POST', headers: json, body: spanRequest({}) });
  for (const [second, message] of [
    [2, 'last'],
    [1, 'first'],
  ] as const) {
    const text = JSON.stringify({ timestamp: `2026-01-01T00:00:0${second}.000Z`, message, trace_id: traceId });
    addLine({ service: 'web', source: 'stdout', text, time: new Date() });
  }
  const { logs } = await get(`${url}/api/traces/${traceId}`);
  assert.deepEqual(
    logs.map(({ message, timeMs }: any) => [message, timeMs]),
    [
      ['first', Date.UTC(2026, 0, 1, 0, 0, 1)],
      ['last', Date.UTC(2026, 0, 1, 0, 0, 2)],
    ],
  );
});

test('a trace without its root is marked as incomplete', async (t) => {
  const { url } = await receiver(t);
  await fetch(`${url}/v1/traces`, {
    method: 'POST',
    headers: json,
    body: spanRequest({ parentSpanId: '1111111111111111' }),
  });
  const { traces } = await get(`${url}/api/traces?settled=1`);
  assert.deepEqual([traces[0].complete, traces[0].finished], [false, true]);
});
