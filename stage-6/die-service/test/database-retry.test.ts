import assert from 'node:assert/strict';
import { test } from 'node:test';
import { retry } from '../src/database-retry.ts';

function attempts(...codes: (string | undefined)[]) {
  let made = 0;
  const attempt = async () => {
    const code = codes[Math.min(made++, codes.length - 1)];
    if (code) throw Object.assign(new Error('it failed'), { code });
    return 'rows';
  };

  return { attempt, made: () => made };
}

const inTenSeconds = () => performance.now() + 10_000;

test('a lost connection is tried again until there is an answer', async () => {
  const { attempt, made } = attempts('ECONNREFUSED', 'CONNECTION_CLOSED', '57P03', undefined);

  assert.equal(await retry(attempt, inTenSeconds()), 'rows');
  assert.equal(made(), 4);
});

for (const code of ['42P01', '57014', 'POOL_EXHAUSTED', 'ERR_ASSERTION']) {
  test(`${code} is not tried again`, async () => {
    const { attempt, made } = attempts(code);

    await assert.rejects(retry(attempt, inTenSeconds()), { code });
    assert.equal(made(), 1);
  });
}

test('at the deadline nothing is tried again', async () => {
  const { attempt, made } = attempts('ECONNREFUSED');

  await assert.rejects(retry(attempt, performance.now()), { code: 'ECONNREFUSED' });
  assert.equal(made(), 1);
});

test('a connection that stays lost is given up', async () => {
  const { attempt, made } = attempts('ECONNREFUSED');

  await assert.rejects(retry(attempt, performance.now() + 300), { code: 'ECONNREFUSED' });
  // After pauses of 50, 100, … ms at most, and of half of that at least.
  assert.ok(made() >= 2 && made() <= 4, `${made()} tries`);
});
