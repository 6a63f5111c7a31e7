import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import { runDirectory } from '../../runtime/places.ts';
import { readState } from '../../runtime/run/state.ts';
import { eventually } from '../../runtime/test/stage-fixture.ts';
import { openDatabase } from '../../verify/stage/database.ts';
import { nativeStage } from '../../verify/stage/native-stage.ts';
import { begin, startKeeper } from '../begin.ts';
import { end } from '../end.ts';
import type { Incident } from '../incident.ts';
import { readSealed } from '../record.ts';
import { checkRepair } from '../repair.ts';
import { incidentNamed } from './fixture.ts';
import { newestTraces, startStage } from './incident-stage.ts';

/** Begins this very incident, without delay. */
function beginNow(stage: string, { name: incident }: Incident): Promise<void> {
  return startKeeper({ stage, runtime: 'native', incident, lead: 0, seed: '7' });
}

async function untilSeen(directory: string, incident: Incident): Promise<void> {
  await eventually(async () => {
    const traces = await newestTraces(nativeStage(directory), Date.now() - 10_000);
    assert.ok(traces.some(incident.isSymptom), 'a trace shows it');
  });
}

/** All that the machine shows of processes: their command lines and, where it can, their environment. */
async function processList(): Promise<string> {
  const { stdout } = await promisify(execFile)('ps', ['axeww'], { maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}

function writtenFiles(): string {
  const files = readdirSync(runDirectory(), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const texts = files.filter(({ name }) => /\.(json|log)$/.test(name)).map((file) => join(file.parentPath, file.name));
  return [...texts, ...texts.map((file) => readFileSync(file, 'utf8'))].join('\n');
}

function pidsOf(): (number | undefined)[] {
  return readState()!.services.map(({ process }) => process?.pid);
}

test('a running incident does not show what it is, and no second one can start', async (t) => {
  const incident = incidentNamed('dice-roller starved');
  const directory = await startStage(t, 'stage-3');
  await beginNow(directory, incident);
  await untilSeen(directory, incident);
  for (const text of [await processList(), writtenFiles()]) {
    for (const secret of [incident.cause, incident.name, 'starved']) assert.ok(!text.includes(secret), secret);
  }
  await assert.rejects(
    begin(directory, { seed: '1' }),
    /An incident is running in stage-3. Answer: make stage-3 answer/,
  );
  await t.test('ending it says what it was and restores the stage', () => endsWhole(directory, incident));
  await t.test('it can be ended after its keeper was killed', (t) => survivesCrash(t, directory));
  await t.test('Ctrl-C restores the stage', () => survivesInterrupt(directory));
});

async function endsWhole(directory: string, incident: Incident): Promise<void> {
  const ended = await end(directory);
  assert.equal(ended?.incident, incident);
  assert.equal(readSealed(), undefined);
  const { status } = await fetch(`${urlOf(directory, 'frontend')}/api/roll?die=fair`);
  assert.equal(status, 200);
}

async function survivesCrash(_t: TestContext, directory: string): Promise<void> {
  const incident = incidentNamed('die-service frozen');
  await beginNow(directory, incident);
  await untilSeen(directory, incident);
  process.kill(readSealed()!.keeper.pid, 'SIGKILL');
  await assert.rejects(begin(directory, { seed: '1' }), /was left behind. Restore the stage/);
  await endsWhole(directory, incident);
}

async function survivesInterrupt(directory: string): Promise<void> {
  await beginNow(directory, incidentNamed('slow from frontend to dice-roller'));
  const before = pidsOf();
  process.kill(readSealed()!.keeper.pid, 'SIGINT');
  await eventually(() => assert.equal(readSealed(), undefined));
  assert.notDeepEqual(pidsOf(), before, 'services run without relays');
  const { status } = await fetch(`${urlOf(directory, 'frontend')}/api/roll?die=fair`);
  assert.equal(status, 200);
}

function urlOf(directory: string, service: string): string {
  return nativeStage(directory).services.find(({ name }) => name === service)!.url;
}

test('a repair is accepted once the symptoms stay away, and not before', async (t) => {
  const incident = incidentNamed('table locked by a report');
  const directory = await startStage(t, 'stage-5');
  await beginNow(directory, incident);
  await untilSeen(directory, incident);
  const check = () => checkRepair(nativeStage(directory), incident, 14);
  assert.equal((await check()).outcome, 'not-repaired');
  const sql = openDatabase(nativeStage(directory));
  t.after(() => sql.end());
  await sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'nightly-report'`;
  assert.equal((await check()).outcome, 'repaired');
  await end(directory);
  await t.test('ending it restores a changed table', async () => {
    await beginNow(directory, incidentNamed('risky die deleted'));
    const count = async () => (await sql`SELECT FROM die_specifications WHERE identifier = 'risky'`).length;
    await eventually(async () => assert.equal(await count(), 0));
    await end(directory);
    assert.equal(await count(), 1);
  });
});
