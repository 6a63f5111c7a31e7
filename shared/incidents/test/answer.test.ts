import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAnswer } from '../answer.ts';

const lists = { services: ['postgres', 'none'], causes: ['lock', 'none'] };
const now = new Date(2026, 10, 26, 14, 30).getTime();
const timeOf = (since: string) => readAnswer({ since }, lists, now).since;

test('a time of day is the last one that there was', () => {
  assert.equal(timeOf('14:05'), new Date(2026, 10, 26, 14, 5).getTime());
  assert.equal(timeOf('9:05:30'), new Date(2026, 10, 26, 9, 5, 30).getTime());
  assert.equal(timeOf('23:50'), new Date(2026, 10, 25, 23, 50).getTime());
});

test('a date says its day, and none that nothing began', () => {
  assert.equal(timeOf('2026-11-26T14:05:30Z'), Date.parse('2026-11-26T14:05:30Z'));
  assert.equal(timeOf('none'), 'none');
});

test('what is not in a list is refused, and the refusal has the list', () => {
  assert.throws(() => readAnswer({ service: 'postgre' }, lists), /SERVICE is one of postgres, none; not "postgre"/);
  assert.throws(() => readAnswer({ cause: 'locks' }, lists), /CAUSE is one of lock, none; not "locks"/);
});

test('what is not a time or not a trace id is refused, and the refusal says what one looks like', () => {
  for (const since of ['25:00', 'soon', '14.05', '2026'])
    assert.throws(() => timeOf(since), /SINCE is a time such as 14:05/);
  assert.throws(() => readAnswer({ trace: 'abc' }, lists), /TRACE is a trace id, 32 hexadecimal digits/);
});

test('an id is the same in capitals', () => {
  assert.equal(readAnswer({ trace: 'A'.repeat(32) }, lists).trace, 'a'.repeat(32));
});
