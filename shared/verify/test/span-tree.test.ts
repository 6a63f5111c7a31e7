import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { observedSpans } from '../compare/span-tree.ts';
import { span } from './observations.ts';

suite('HEAD is read as GET', () => {
  const head = { 'http.request.method': 'HEAD', 'http.route': '/roll' };
  const read = (name: string, attributes: Record<string, string>) =>
    observedSpans([span({ name, attributes })])[0]!.span;

  test('in the name and in the method, and the rest stays', () => {
    const { name, attributes } = read('HEAD /roll', head);
    assert.deepEqual([name, attributes], ['GET /roll', { 'http.request.method': 'GET', 'http.route': '/roll' }]);
    assert.equal(read('HEAD', head).name, 'GET');
    assert.equal(read('HEADERS /HEAD', head).name, 'HEADERS /HEAD');
  });

  test('in the original method of a client span, unless that was another one', () => {
    const method = (original: string) =>
      read('HEAD', { ...head, 'http.request.method_original': original }).attributes['http.request.method_original'];
    assert.deepEqual(['HEAD', 'head'].map(method), ['GET', 'head']);
    assert.ok(!('http.request.method_original' in read('HEAD', head).attributes));
  });

  test('in what is a parent, too', () => {
    const parent = span({ spanId: 'a', name: 'HEAD /roll', attributes: head });
    const [, child] = observedSpans([parent, span({ spanId: 'b', parentSpanId: 'a' })]);
    assert.equal(child!.parent, 'dice GET /roll');
  });

  test('where the method says so only: no other span is changed', () => {
    const get = span({ name: 'HEAD /roll', attributes: { 'http.request.method': 'GET' } });
    assert.deepEqual(observedSpans([get])[0]!.span, get);
  });
});

suite('the parent of a span', () => {
  const parentOf = (...spans: Parameters<typeof span>[0][]): string =>
    observedSpans(spans.map((fields, index) => span({ spanId: String(index), ...fields })))[0]!.parent;
  const asked = { parentSpanId: 'lost', startMs: 1000, durationMs: 10 };

  test('is none for a root, and for what a stranger called, at the same time as another', () => {
    assert.equal(parentOf({}), 'none');
    assert.equal(parentOf(asked), 'none');
    assert.equal(parentOf(asked, { startMs: 1001, durationMs: 10 }), 'none');
    assert.equal(parentOf(asked, { startMs: 999, durationMs: 10 }), 'none');
  });

  test('got lost within a span of ours, of the same trace, and wherever a span is not a server span', () => {
    const around = { startMs: 999, durationMs: 12 };
    assert.equal(parentOf(asked, around), 'a span that was not seen');
    assert.equal(parentOf(asked, { startMs: 1000, durationMs: 10 }), 'a span that was not seen');
    assert.equal(parentOf(asked, { ...around, traceId: '9'.repeat(32) }), 'none');
    assert.equal(parentOf({ ...asked, kind: 'CLIENT' }), 'a span that was not seen');
  });
});
