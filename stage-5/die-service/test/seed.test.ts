import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { seed, startPostgres, test } from './postgres.ts';

const server = await startPostgres();
const sql = postgres(server.url, { max: 1, onnotice() {} });
const folder = mkdtempSync(join(tmpdir(), 'dice-'));
const file = join(folder, 'dice.json');

after(async () => {
  await sql.end();
  await server.remove();
  rmSync(folder, { recursive: true });
});

function rows() {
  return sql`SELECT * FROM die_specifications ORDER BY identifier`.then((found) => found.map((row) => ({ ...row })));
}

const fair = { identifier: 'fair', faces: [1, 2, 3, 4, 5, 6], error_rate: 0 };
const risky = { identifier: 'risky', faces: [2, 3, 4, 5, 6, 7], error_rate: 0.1 };

test('it makes the table, puts the dice in, says how many, and ends well', async () => {
  const { code, lines } = await seed(server.url);

  assert.equal(code, 0);
  assert.deepEqual(
    lines.map(({ level, message, count }) => ({ level, message, count })),
    [{ level: 'INFO', message: 'Database seeded', count: 2 }],
  );
  assert.deepEqual(await rows(), [fair, risky]);
});

test('the table is the one that is specified', async () => {
  const columns = await sql`
    SELECT column_name, udt_name, character_maximum_length AS length, is_nullable FROM information_schema.columns
    WHERE table_name = 'die_specifications' ORDER BY ordinal_position`;

  assert.deepEqual(
    columns.map((column) => Object.values(column)),
    [
      ['identifier', 'varchar', 50, 'NO'],
      ['faces', '_int4', null, 'YES'],
      ['error_rate', 'float8', null, 'YES'],
    ],
  );
});

test('run again, it applies what changed in the file, and keeps what else is in the table', async () => {
  await sql`INSERT INTO die_specifications VALUES ('kept', '{1}', 0)`;
  writeFileSync(file, '{"risky":{"faces":[1000000],"error_rate":0.25},"zig \'; --":{"faces":[2,1],"error_rate":1}}');

  assert.equal((await seed(server.url, { DICE_FILE: file })).code, 0);
  assert.deepEqual(await rows(), [
    fair,
    { identifier: 'kept', faces: [1], error_rate: 0 },
    { identifier: 'risky', faces: [1000000], error_rate: 0.25 },
    { identifier: `zig '; --`, faces: [2, 1], error_rate: 1 },
  ]);
});

test('a wrong file leaves the table unchanged and fails, with one line that says what is wrong', async () => {
  const earlier = await rows();
  writeFileSync(file, '{"fair":{"faces":[1],"error_rate":0},"bad":{"faces":[],"error_rate":0}}');
  const { code, lines } = await seed(server.url, { DICE_FILE: file });

  assert.equal(code, 1);
  assert.equal(lines.length, 1);
  assert.match(lines[0].error, /die "bad": faces must be/);
  assert.deepEqual(await rows(), earlier);
});

test('it waits for a database that is down, and then does its work', async () => {
  await server.stop();
  const { code, lines } = await seed(server.url, {}, server.start);

  assert.equal(code, 0);
  assert.equal(lines.length, 2);
  assert.equal(lines[0].level, 'ERROR');
  assert.equal(lines[0].message, 'Database connection failed');
  assert.match(lines[0].error, /ECONNREFUSED/);
  assert.equal(lines[1].message, 'Database seeded');
});

test('it waits for a table that is locked', async () => {
  let waited = false;
  const done = await sql.begin(async (lock) => {
    await lock`LOCK die_specifications`;
    const seeding = seed(server.url).finally(() => (waited = true));
    // Longer than die-service lets a query take.
    await sleep(1500);
    assert.equal(waited, false);

    // In an object, or begin() would wait for it with the lock held.
    return { seeding };
  });

  assert.equal((await done.seeding).code, 0);
});

test('it does not wait where waiting cannot help', async () => {
  const { code, lines } = await seed(server.url.replace('secret', 'wrong'));

  assert.equal(code, 1);
  assert.match(lines[0].error, /password authentication failed/);
});
