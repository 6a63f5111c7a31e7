import assert from 'node:assert/strict';
import { test } from 'node:test';
import { get, json, receiver, spanRequest, traceId } from './open-receiver.ts';

for (const [fault, body, message] of [
  ['JSON that does not parse', '{', /not a traces request/],
  ['a body that is no object', '[]', /an object was expected/],
  ['a field of the wrong type', '{"resourceSpans": 5}', /resourceSpans: array (type )?expected/],
  ['an id that is not hexadecimal', spanRequest({ traceId: 'xyz' }), /traceId must be hexadecimal/],
  ['an id that is too short', spanRequest({ spanId: 'abcd' }), /spanId must be 16 hexadecimal digits/],
  ['an id of zeros', spanRequest({ traceId: '0'.repeat(32) }), /traceId must be 32 hexadecimal digits and not zero/],
] as const) {
  test(`${fault} is answered 400, with the reason`, async (t) => {
    const { url } = await receiver(t);
    const response = await fetch(`${url}/v1/traces`, { method: 'POST', headers: json, body });
    assert.equal(response.status, 400);
    assert.match(((await response.json()) as any).message, message);
    assert.deepEqual((await get(`${url}/api/traces`)).traces, []);
  });
}

test('protobuf that does not parse is answered 400, in protobuf', async (t) => {
  const { url } = await receiver(t);
  const headers = { 'content-type': 'application/x-protobuf' };
  const response = await fetch(`${url}/v1/traces`, { method: 'POST', headers, body: Buffer.from([0x0a, 0xff]) });
  assert.equal(response.status, 400);
  assert.equal(response.headers.get('content-type'), 'application/x-protobuf');
  assert.match(await response.text(), /not a traces request in application\/x-protobuf/);
});

for (const [fault, path, init, status] of [
  ['another content type', '/v1/traces', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'x' }, 415],
  [
    'another encoding',
    '/v1/traces',
    { method: 'POST', headers: { ...json, 'content-encoding': 'compress' }, body: '{}' },
    415,
  ],
  [
    'gzip that is none',
    '/v1/traces',
    { method: 'POST', headers: { ...json, 'content-encoding': 'gzip' }, body: 'x' },
    400,
  ],
  ['a body of more than 8 MB', '/v1/traces', { method: 'POST', headers: json, body: ' '.repeat(9e6) }, 413],
  ['another method', '/v1/traces', { method: 'GET' }, 405],
  ['an unknown path', '/v2/traces', { method: 'POST', headers: json, body: '{}' }, 404],
  ['an unknown trace', `/api/traces/${traceId}`, {}, 404],
  ['a limit that is no number', '/api/traces?limit=x', {}, 400],
] as const) {
  test(`${fault} is answered ${status}, with a reason`, async (t) => {
    const { url } = await receiver(t);
    const response = await fetch(url + path, init);
    const body = (await response.json()) as any;
    assert.equal(response.status, status);
    assert.ok((body.message ?? body.error).length > 0);
  });
}
