import assert from 'node:assert/strict';
import { test } from 'node:test';
import { retry, type Failure } from '../src/database-retry.ts';

function attempts(...codes: (string | undefined)[]) {
  let made = 0;
  const attempt = async () => {
    const code = codes[Math.min(made++, codes.length - 1)];
    if (code) throw Object.assign(new Error('it failed'), { code });
    return 'rows';
  };

  const retries: (string | undefined)[] = [];

  return { attempt, made: () => made, retries, onRetry: ({ code }: Failure) => void retries.push(code) };
}

const inTenSeconds = () => performance.now() + 10_000;

test('a lost connection is tried again until there is an answer', async () => {
  const { attempt, made, retries, onRetry } = attempts('ECONNREFUSED', 'CONNECTION_CLOSED', '57P03', undefined);

  assert.equal(await retry(attempt, inTenSeconds(), onRetry), 'rows');
  assert.equal(made(), 4);
  assert.deepEqual(retries, ['ECONNREFUSED', 'CONNECTION_CLOSED', '57P03']);
});

for (const code of ['42P01', '57014', 'POOL_EXHAUSTED', 'ERR_ASSERTION']) {
  test(`${code} is not tried again`, async () => {
    const { attempt, made, retries, onRetry } = attempts(code);

    await assert.rejects(retry(attempt, inTenSeconds(), onRetry), { code });
    assert.equal(made(), 1);
    assert.deepEqual(retries, []);
  });
}

test('at the deadline nothing is tried again', async () => {
  const { attempt, made, retries, onRetry } = attempts('ECONNREFUSED');

  await assert.rejects(retry(attempt, performance.now(), onRetry), { code: 'ECONNREFUSED' });
  assert.equal(made(), 1);
  assert.deepEqual(retries, []);
});

test('a connection that stays lost is given up', async () => {
  const { attempt, made, retries, onRetry } = attempts('ECONNREFUSED');

  await assert.rejects(retry(attempt, performance.now() + 300, onRetry), { code: 'ECONNREFUSED' });
  // The pauses are 50, 100, … ms at most, and half of that at least.
  assert.equal(retries.length, made() - 1);
  assert.ok(made() >= 2 && made() <= 4, `${made()} tries`);
});
