import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSpanContextValid, ROOT_CONTEXT, trace, TraceFlags } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { newCaller } from '../drive/caller.ts';

/** What a service reads from a header. */
function readBy(traceparent: string) {
  const getter = { get: () => traceparent, keys: () => ['traceparent'] };
  return trace.getSpanContext(new W3CTraceContextPropagator().extract(ROOT_CONTEXT, {}, getter))!;
}

test("a caller's header is one that OpenTelemetry accepts, with the trace and the flag that were asked for", () => {
  for (const [caller, flag] of [
    [newCaller(), TraceFlags.SAMPLED],
    [newCaller(false), TraceFlags.NONE],
  ] as const) {
    const context = readBy(caller.traceparent);
    assert.ok(isSpanContextValid(context));
    assert.deepEqual([context.traceId, context.traceFlags], [caller.traceId, flag]);
  }
});

test('no two callers share a trace or a span', () => {
  const contexts = [newCaller(), newCaller()].map(({ traceparent }) => readBy(traceparent));
  assert.equal(new Set(contexts.flatMap(({ traceId, spanId }) => [traceId, spanId])).size, 4);
});
