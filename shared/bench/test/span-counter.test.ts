import assert from 'node:assert/strict';
import { test } from 'node:test';
import { json, spanRequest } from '../../runtime/test/open-receiver.ts';
import { eventually } from '../../runtime/test/stage-fixture.ts';
import { openSpanCounter } from '../span-counter.ts';

test('spans are counted from the last reset on, with the time of the first', async (t) => {
  const counter = await openSpanCounter();
  t.after(counter.close);
  const send = async (spanId: string): Promise<void> => {
    const response = await fetch(`${counter.url}/v1/traces`, {
      method: 'POST',
      headers: json,
      body: spanRequest({ spanId }),
    });
    assert.equal(response.status, 200);
  };
  const before = Date.now();
  await send('1'.repeat(16));
  await eventually(() => assert.equal(counter.spans, 1));
  const first = counter.firstAt!;
  assert.ok(first >= before && first <= Date.now());
  await send('2'.repeat(16));
  await eventually(() => assert.equal(counter.spans, 2));
  assert.equal(counter.firstAt, first);
  counter.reset();
  assert.deepEqual([counter.spans, counter.firstAt], [0, undefined]);
  await send('3'.repeat(16));
  await eventually(() => assert.equal(counter.spans, 1));
});
