import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostileRequest } from '../hostile/requests.ts';

const some = (seed: string, count: number): Buffer[] =>
  Array.from({ length: count }, (_, index) => hostileRequest(seed, index));
const requests = some('test', 3000);
const heads = requests.map((bytes) => bytes.toString('latin1').split('\r\n\r\n')[0]!);

test('a seed gives the same requests each time, and another seed others', () => {
  const first = requests.slice(0, 300);
  assert.ok(some('test', 300).every((bytes, index) => bytes.equals(first[index]!)));
  const others = some('other', 300);
  assert.ok(others.filter((bytes, index) => bytes.equals(first[index]!)).length < 30);
});

test('a request does not depend on those before it', () => {
  assert.deepEqual(hostileRequest('test', 1234), requests[1234]);
});

for (const [what, pattern] of [
  ['odd methods', /^(PROPFIND|TRACE|get|FOO) /],
  ['odd paths', /^\S* \/(\/roll|ROLL|roll\/|\.env)/],
  ['a die that is named twice', /^GET \S*[?&]die=\S*&die=/],
  ['escapes that are broken', /^GET \S*%(zz|ff|c0%af)/],
  ['texts that forge a log line', /level%22%3A%22ERROR/],
  ['more than a head may hold', /^[^]{16400}/],
  ['bytes that are not UTF-8', /[\x80-\xff]/],
  ['trace context of no version', /\r\ntraceparent: ff-/],
  ['trace ids of zeros', /\r\ntraceparent: 00-0{32}-/],
  ['too much baggage', /\r\nbaggage: (k\d+=[^,]*,){180}/],
  ['lengths that are not true', /\r\nContent-Length: -1/],
  ['a length and chunks', /chunked\r\nContent-Length/],
  ['header lines without a colon', /\r\nNo colon here/],
] as const) {
  test(`there are ${what}`, () => assert.ok(heads.some((head) => pattern.test(head))));
}

test('each head has an end, so that no server can wait for the rest of it', () => {
  assert.ok(requests.every((bytes) => bytes.includes('\r\n\r\n')));
});
