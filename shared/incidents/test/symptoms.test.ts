import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { span } from '../../verify/test/observations.ts';
import { newSalt, seal, unseal } from '../seal.ts';
import { answersOf, callsOf, gap, isUnanswered, queriesOf } from '../symptoms.ts';

const call = span({ spanId: 'call', service: 'front', kind: 'CLIENT', durationMs: 100 });
const answer = span({ spanId: 'answer', parentSpanId: 'call', service: 'dice', durationMs: 30 });
const query = span({
  spanId: 'query',
  service: 'dice',
  kind: 'CLIENT',
  attributes: { 'db.system.name': 'postgresql' },
});
const trace = [call, answer, query];

suite('in a trace', () => {
  const ids = (spans: { spanId: string }[]): string[] => spans.map(({ spanId }) => spanId);

  test('calls, queries and answers of a service are told apart', () => {
    assert.deepEqual(ids(callsOf('front', trace)), ['call']);
    assert.deepEqual([callsOf('dice', trace), ids(queriesOf('dice', trace))], [[], ['query']]);
    assert.deepEqual([ids(answersOf('dice', trace)), answersOf('front', trace)], [['answer'], []]);
  });

  test('the gap is what a call takes longer than its own answer, the largest of all', () => {
    assert.equal(gap('front', 'dice', trace), 70);
    const quick = [
      { ...call, spanId: 'call2', durationMs: 31 },
      { ...answer, spanId: 'answer2', parentSpanId: 'call2' },
    ];
    assert.equal(gap('front', 'dice', [...quick, ...trace]), 70);
    assert.equal(gap('front', 'other', trace), 0);
    assert.equal(gap('front', 'dice', [call, { ...answer, parentSpanId: 'lost' }]), 0);
    assert.equal(gap('front', 'dice', [call, { ...answer, kind: 'INTERNAL' }]), 0);
  });

  test('a call is unanswered if it failed without a status', () => {
    const failed = { ...call, status: 'ERROR' as const };
    const refused = { ...failed, attributes: { 'http.response.status_code': 503 } };
    assert.deepEqual([call, failed, refused].map(isUnanswered), [false, true, false]);
  });
});

test('what was sealed is found among what it can be, and only with its salt and its name', () => {
  const salt = newSalt();
  const sealed = seal(salt, 'service', 'dice');
  const find = (more: object) =>
    unseal(sealed, { salt, what: 'service', values: ['front', 'dice'], textOf: (value) => value, ...more });
  assert.equal(find({}), 'dice');
  assert.deepEqual(
    [find({ salt: newSalt() }), find({ what: 'cause' }), find({ values: ['front'] })],
    [undefined, undefined, undefined],
  );
  assert.ok(!sealed.includes('dice') && newSalt() !== newSalt());
});
