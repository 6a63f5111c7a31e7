import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { unseenFaults, valueFaults } from '../compare/rules.ts';
import { allows, methods, mustBeSeen, show, showRule } from '../contract/values.ts';

suite('a rule', () => {
  test('allows only a value of the same type', () => {
    const values = [1, '1', true, 'true', null, undefined, ['1']];
    const allowed = (rule: Parameters<typeof allows>[0]) => values.filter((value) => allows(rule, value));
    assert.deepEqual(allowed(1), [1]);
    assert.deepEqual(allowed('1'), ['1']);
    assert.deepEqual(allowed([true, '1']), ['1', true]);
  });

  test('may be a kind, which allows any value of it', () => {
    const values = ['', 'text', 0, -1.5, NaN, true, [], 'GET', '_OTHER'];
    const allowed = (kind: string) => values.filter((value) => allows(kind, value));
    assert.deepEqual(allowed('any text'), ['', 'text', 'GET', '_OTHER']);
    assert.deepEqual(allowed('any integer'), [0]);
    assert.deepEqual(allowed('any number'), [0, -1.5, NaN]);
    assert.deepEqual(allowed('any boolean'), [true]);
    assert.deepEqual(allowed('any list'), [[]]);
    assert.deepEqual(allowed('any method'), ['GET', '_OTHER']);
    assert.ok(allows('any method', 'QUERY') && !allows('any method', 'BREW') && methods.length === 10);
    assert.deepEqual(allowed('any thing'), []);
  });

  test('wants each of its values seen, and a kind wants none', () => {
    assert.deepEqual([1, 'a', ['a', 'b'], 'any text', []].map(mustBeSeen), [[1], ['a'], ['a', 'b'], [], []]);
  });

  test('is shown as written in the contract, and a value so that its type can be seen', () => {
    assert.deepEqual(['any text', 'text', ['a', 1]].map(showRule), ['any text', '"text"', '"a", 1']);
    assert.deepEqual(['1', 1, undefined, ['a']].map(show), ['"1"', '1', 'nothing', '["a"]']);
    assert.equal(show('x'.repeat(200)), `"${'x'.repeat(79)}…`);
  });
});

suite('the values of one record', () => {
  const codes = (values: object, some = {}) =>
    valueFaults('field', { die: ['fair', 'risky'], rolls: 'any integer' }, { ...values }, some).map(
      ({ code, arguments: words }) => `${code} ${(words as { name: string }).name}`,
    );

  test('are wrong where one is missing, is not declared, or is not allowed', () => {
    assert.deepEqual(codes({ die: 'fair', rolls: 0 }), []);
    assert.deepEqual(codes({ die: 'odd', luck: 1 }), [
      'missing-value rolls',
      'undeclared-value luck',
      'wrong-value die',
    ]);
  });

  test('may lack what only some have, which must be right where it is there', () => {
    const some = { user: 'any text' };
    assert.deepEqual(codes({ die: 'fair', rolls: 1 }, some), []);
    assert.deepEqual(codes({ die: 'fair', rolls: 1, user: 5 }, some), ['wrong-value user']);
  });
});

test('of many records, what no one had is still to be seen, and what all lack is a fault of each', () => {
  const rules = { die: ['fair', 'risky', 'heavy'], user: 'any text' };
  const records = [{ die: 'fair' }, { die: 'heavy' }, {}];
  const unseen = (some: Record<string, string>) => unseenFaults('field', rules, records, some);
  const faults = unseen({ path: '/a', text: 'any text' });
  assert.deepEqual(
    faults.map(({ code, arguments: words }) => [code, { ...words }]),
    [
      ['unseen-name', { of: 'field', name: 'path' }],
      ['unseen-name', { of: 'field', name: 'text' }],
      ['unseen-value', { of: 'field', name: 'die', declared: 'risky' }],
    ],
  );
  assert.ok(faults.every(({ pending }) => pending));
});
