import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Span } from '../../runtime/receiver/model.ts';
import { compareCounts, compareExemplars, compareRequests, compareSilence } from '../compare/requests.ts';
import { comparePropagation } from '../compare/propagation.ts';
import { compareSpans } from '../compare/spans.ts';
import { readSearch } from '../read/trace-search.ts';
import { parseContract } from '../contract/contract.ts';
import { contractOf, faults, outcomes, span } from './observations.ts';

const services = {
  dice: contractOf(`
spans:
  - name: GET /roll
    when: it rolled
    kind: server
    parent: none
    attributes: { http.route: /roll, die.type: [fair, risky] }
    some: { url.query: any text }
  - name: GET /roll
    when: it failed
    kind: server
    parent: none
    status: error
    attributes: { http.route: /roll }
    events: [exception]
    some_events: [retry]
  - name: choose
    kind: internal
    parent: dice GET /roll
`),
};

const fair = span({ spanId: 'a', attributes: { 'http.route': '/roll', 'die.type': 'fair', 'url.query': 'x' } });
const risky = span({ spanId: 'b', attributes: { 'http.route': '/roll', 'die.type': 'risky' } });
const exception = { name: 'exception', timeMs: 0, attributes: {} };
const failed = span({ spanId: 'c', status: 'ERROR', attributes: { 'http.route': '/roll' }, events: [exception] });
const child = span({ spanId: 'd', parentSpanId: 'a', name: 'choose', kind: 'INTERNAL' });
const all = [fair, risky, failed, child];

function faultsOf(...spans: Span[]): string[] {
  return faults(compareSpans(services, spans, 'Tempo'));
}

const request = { line: 'GET dice /x', method: 'GET', service: 'dice', path: '/x', traceId: '1'.repeat(32) };

suite('spans compared with their contract', () => {
  test('spans of one name are told apart by what they carry', () => {
    assert.deepEqual(outcomes(compareSpans(services, all, 'Tempo')), {
      'dice server span GET /roll (it rolled)': 'passed',
      'dice server span GET /roll (it failed)': 'passed',
      'dice internal span choose': 'passed',
    });
  });

  test('a missing attribute, a new one and a new event are named', () => {
    assert.deepEqual(faultsOf(...all, { ...fair, spanId: 'e', attributes: { 'die.type': 'fair' } }), [
      'dice server span GET /roll (it rolled): lacks the attribute http.route',
    ]);
    const odd = { ...fair, spanId: 'e', attributes: { ...fair.attributes, luck: 1 }, events: [exception] };
    assert.deepEqual(faultsOf(...all, odd), [
      'dice server span GET /roll (it rolled): has the undeclared attribute luck (1)',
      'dice server span GET /roll (it rolled): has the undeclared event exception',
    ]);
  });

  test('an event that some spans have may be there or not, one that each has must', () => {
    const retry = { ...exception, name: 'retry' };
    assert.deepEqual(faultsOf(...all, { ...failed, spanId: 'e', events: [retry, exception, retry] }), []);
    assert.deepEqual(faultsOf(...all, { ...failed, spanId: 'e', events: [retry] }), [
      'dice server span GET /roll (it failed): lacks the event exception',
    ]);
  });

  test('a declared value, and an attribute of some spans, must be seen', () => {
    const { 'url.query': _, ...attributes } = fair.attributes;
    assert.deepEqual(faultsOf({ ...fair, attributes }, failed, child), [
      'dice server span GET /roll (it rolled): attribute url.query was never seen',
      'dice server span GET /roll (it rolled): attribute die.type never had the value "risky"',
    ]);
  });

  test('an error status that is not set is reported', () => {
    assert.deepEqual(faultsOf(fair, risky, child, { ...failed, status: 'UNSET' }), [
      'dice server span GET /roll (it failed): status was unset, but error is declared',
    ]);
  });

  test('the parent must be the declared one', () => {
    assert.deepEqual(faultsOf(fair, risky, failed, { ...child, parentSpanId: 'c' }), []);
    assert.deepEqual(faultsOf(...all, { ...child, spanId: 'e', parentSpanId: 'd' }), [
      'dice internal span choose: parent was dice choose, but "dice GET /roll" is declared',
    ]);
  });

  test("a server span may have a parent of a stranger's, unless it lies within a span of ours", () => {
    const asked = { ...risky, spanId: 'e', parentSpanId: 'f' };
    assert.deepEqual(faultsOf(...all, { ...asked, traceId: '9'.repeat(32) }), []);
    assert.deepEqual(faultsOf(...all, asked), [
      'dice server span GET /roll (it rolled): parent was a span that was not seen, but "none" is declared',
    ]);
    assert.deepEqual(faultsOf(...all, { ...child, spanId: 'e', parentSpanId: 'f', traceId: '9'.repeat(32) }), [
      'dice internal span choose: parent was a span that was not seen, but "dice GET /roll" is declared',
    ]);
  });

  test('a server span may be a root, but its declared parent must be seen', () => {
    const called = { dice: contractOf('spans: [{ name: GET /roll, kind: server, parent: front GET }]') };
    assert.deepEqual(faults(compareSpans(called, [span()], 'Tempo')), [
      'dice server span GET /roll: never had the parent front GET',
    ]);
  });

  test('a HEAD request is one that gets no body', () => {
    const head = { 'http.request.method': 'HEAD', 'http.route': '/asked' };
    const get = contractOf(`
spans:
  - { name: GET /asked, kind: server, attributes: { http.request.method: GET, http.route: /asked } }
`);
    const seen = [span({ name: 'HEAD /asked', attributes: head })];
    assert.deepEqual(faults(compareSpans({ dice: get }, seen, 'Tempo')), []);
  });

  test('{method} is any method of HTTP, and HTTP for anything else', () => {
    const any = contractOf(`
spans:
  - { name: '{method} /roll', kind: server, attributes: { http.request.method: any method } }
`);
    const seen = (name: string, method: string) => span({ name, attributes: { 'http.request.method': method } });
    const faultsOfAny = (...spans: Span[]) => faults(compareSpans({ dice: any }, spans, 'Tempo'));
    assert.deepEqual(faultsOfAny(seen('DELETE /roll', 'DELETE'), seen('HTTP /roll', '_OTHER')), []);
    assert.deepEqual(faultsOfAny(seen('BREW /roll', 'BREW'), seen('PUT /roll', 'PUT')), [
      'dice server span BREW /roll: is not declared',
    ]);
    assert.deepEqual(faultsOfAny(seen('PUT /roll', 'BREW')), [
      'dice server span {method} /roll: attribute http.request.method was "BREW", but any method is declared',
    ]);
  });

  test('a call that was answered, and whose trace breaks off, is named', () => {
    const contract = parseContract(`
services:
  front: { spans: [{ name: GET, kind: client, parent: none, attributes: { http.request.method: GET } }] }
silent: [GET back /readyz]
`);
    const answered = { 'http.response.status_code': 200, 'url.path': '/roll' };
    const call = span({ service: 'front', name: 'GET', kind: 'CLIENT', spanId: 'a', attributes: answered });
    const broken = (...spans: Span[]) => faults(comparePropagation(contract, spans, 'Tempo'));
    const silent = { ...call, spanId: 'c', attributes: { ...answered, 'url.path': '/readyz' } };
    assert.deepEqual(broken(call, silent, span({ parentSpanId: 'a' })), []);
    assert.deepEqual(broken(call, span({ traceId: '9'.repeat(32) })), [
      `front calls that go on: GET was answered, but no server span follows it in trace ${'1'.repeat(32)}`,
    ]);
  });

  test('a span that lost its route is named next to the one that was declared', () => {
    const nameless = span({ name: 'GET', status: 'ERROR', events: [exception] });
    assert.deepEqual(faultsOf(fair, risky, child, nameless), [
      'dice server span GET /roll (it failed): was never seen; the nearest is a span named "GET", that lacks the attribute http.route',
      'dice server span GET: is not declared',
    ]);
  });

  test('spans of a service that the contract does not have are ours too', () => {
    assert.deepEqual(faultsOf(...all, span({ spanId: 'e', service: 'unknown_service:node' })), [
      'unknown_service:node server span GET /roll: is not declared',
    ]);
  });
});

suite('requests compared with what they left', () => {
  test('one request leaves one server span in the service that was asked', () => {
    const other = span({ service: 'other' });
    assert.deepEqual(faults(compareRequests([{ ...request, made: 'requests' }], [fair, other], 'Tempo')), []);
    assert.deepEqual(faults(compareRequests([{ ...request, made: 'requests' }], [fair, risky], 'Tempo')), [
      'request GET dice /x: left 2 server spans instead of 1: it was one request',
    ]);
  });

  test('a silent request leaves neither span nor line', () => {
    const silent = [{ ...request, made: 'silent' as const }];
    assert.deepEqual(faults(compareRequests(silent, [span({ traceId: '9'.repeat(32) })], 'Tempo')), []);
    assert.deepEqual(faults(compareRequests(silent, [fair], 'Tempo')), [
      'request GET dice /x: left 1 span but should leave none',
    ]);
    const line = `{"message":"asked","trace_id":"${request.traceId}"}`;
    assert.deepEqual(faults(compareSilence('dice', silent, ['{}'], 'Loki')), []);
    assert.deepEqual(faults(compareSilence('dice', silent, [line], 'Loki')), [
      `request GET dice /x: was logged: ${line}`,
    ]);
  });

  test('a request that was not sampled leaves no span and no exemplar', () => {
    const unsampled = [{ ...request, made: 'unsampled' as const }];
    assert.deepEqual(faults(compareRequests(unsampled, [fair], 'Tempo')), [
      'request GET dice /x, unsampled: left 1 span but should leave none',
    ]);
    const wait = { name: 'wait_seconds', type: 'histogram', series: [] };
    const exemplars = (...ids: string[]) =>
      faults(compareExemplars(unsampled, [{ ...wait, exemplars: ids }], 'dice', '/metrics'));
    assert.deepEqual(exemplars('9'.repeat(32)), []);
    assert.deepEqual(exemplars(request.traceId), [
      'request GET dice /x, unsampled: left an exemplar at wait_seconds, but there is no trace to open',
    ]);
  });

  test('a lost span is found by counting', () => {
    const answered = [{ service: 'dice', count: 3, from: 1005, to: 2000 }];
    const early = span({ startMs: 900, durationMs: 5 });
    assert.deepEqual(faults(compareCounts(answered, [fair, risky, failed, early], 'Tempo')), []);
    assert.deepEqual(faults(compareCounts(answered, [fair, risky, early], 'Tempo')), [
      'dice requests, all in that time: left 2 server spans instead of 3: http_requests_total counted as many requests',
    ]);
  });
});

suite("a search's answer from Tempo", () => {
  const attribute = (key: string, value: object) => ({ key, value });
  const found = {
    ...{ spanID: 'abc', startTimeUnixNano: '1795276417843000000', durationNanos: '355334133' },
    attributes: [
      ...[attribute('name', { stringValue: 'GET /roll' }), attribute('kind', { stringValue: 'server' })],
      ...[
        attribute('status', { stringValue: 'error' }),
        attribute('span:parentID', { stringValue: '0000000000000000' }),
      ],
      ...[attribute('service.name', { stringValue: 'dice' }), attribute('event:name', { stringValue: 'exception' })],
      ...[attribute('server.port', { intValue: '8000' }), attribute('die.error', { boolValue: true })],
      attribute('http.route', { stringValue: 'nil' }),
    ],
  };

  test('becomes spans, with types kept and absent attributes absent', () => {
    const { spans } = readSearch({ traces: [{ traceID: '12', spanSets: [{ spans: [found], matched: 1 }] }] });
    const events = [{ name: 'exception', timeMs: 1795276417843, attributes: {} }];
    const attributes = { 'server.port': 8000, 'die.error': true };
    assert.deepEqual(spans, [
      {
        ...{ traceId: '12'.padStart(32, '0'), spanId: 'abc'.padStart(16, '0'), service: 'dice', name: 'GET /roll' },
        ...{ kind: 'SERVER', status: 'ERROR', startMs: 1795276417843, durationMs: 355.334133, attributes, events },
      },
    ]);
  });

  test('names the traces that it shows only in part', () => {
    const answer = readSearch({ traces: [{ traceID: '12', spanSets: [{ spans: [found], matched: 101 }] }] });
    assert.deepEqual(answer, { spans: [], cut: ['12'.padStart(32, '0')] });
  });
});
