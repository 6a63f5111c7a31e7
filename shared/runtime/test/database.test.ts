import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { findBinary } from '../plan/find-binary.ts';
import { fixtures, stageFixture } from './stage-fixture.ts';

const database = join(fixtures, 'database');
const exporter = ['postgres_exporter', 'prometheus-postgres-exporter'];
const lacking = [['postgres'], ['psql'], exporter].filter((names) => !findBinary(names));
const skip = lacking.length > 0 && `not checked: this machine has no ${lacking.map(([name]) => name).join(', no ')}`;

test('PostgreSQL is made as its image does, keeps its data, and the exporter reaches it', { skip }, async (t) => {
  const stage = await stageFixture(t, database, ['POSTGRES_PORT', 'POSTGRES_EXPORTER_PORT'], process.env.PATH);
  const first = await stage.runtime('up', database);
  assert.equal(first.code, 0, first.output);
  const metrics = await (await fetch(`http://127.0.0.1:${stage.environment.POSTGRES_EXPORTER_PORT}/metrics`)).text();
  assert.ok(/^pg_up 1$/m.test(metrics));
  const query = (sql: string): string => {
    const address = `postgres://dice:secret@127.0.0.1:${stage.environment.POSTGRES_PORT}/dicedb`;
    return execFileSync(findBinary(['psql'])!, ['-Atc', sql, address], { encoding: 'utf8' }).trim();
  };
  assert.equal(query('SELECT name, faces FROM dice'), 'fair|6');
  query("INSERT INTO dice VALUES ('kept', 1)");
  // A client that stays connected holds up nothing, and costs the database no crash.
  const address = `postgres://dice:secret@127.0.0.1:${stage.environment.POSTGRES_PORT}/dicedb`;
  const client = spawn(findBinary(['psql'])!, ['-c', 'SELECT pg_sleep(60)', address]);
  t.after(() => client.kill());
  const started = Date.now();
  await stage.runtime('down', database);
  assert.ok(Date.now() - started < 9000);
  const second = await stage.runtime('up', database);
  assert.equal(second.code, 0, second.output);
  assert.equal(query('SELECT count(*) FROM dice'), '2');
  assert.doesNotMatch((await stage.runtime('logs', database)).output, /not properly shut down/);
});
