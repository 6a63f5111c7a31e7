import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestEvent } from 'node:test/reporters';
import closingLine from '../closing-line.ts';

async function closingLineOf(events: object[]): Promise<string> {
  async function* given() {
    yield* events as TestEvent[];
  }
  return (await Array.fromAsync(closingLine(given()))).join('');
}

const event = (type: string, name: string, data = {}) => ({ type, data: { name, details: { type: 'test' }, ...data } });

test('tests are counted, and suites are not', async () => {
  const line = await closingLineOf([
    event('test:pass', 'one'),
    event('test:fail', 'two'),
    event('test:fail', 'a suite', { details: { type: 'suite' } }),
  ]);

  assert.equal(line, '1 passed, 1 failed, 0 skipped\n');
});

test('what was skipped is named as not checked, with its reason', async () => {
  const line = await closingLineOf([
    event('test:pass', 'one', { skip: 'no prometheus' }),
    event('test:pass', 'two', { skip: true }),
  ]);

  assert.equal(line, 'not checked: one (no prometheus)\nnot checked: two\n0 passed, 0 failed, 2 skipped\n');
});
