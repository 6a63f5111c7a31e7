import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { incidentNamed, sealed } from './fixture.ts';

interface Result {
  code: number;
  output: string;
}

/** The command line, with a state folder in which no stage is running. */
function commandLine(t: TestContext): { folder: string; run: (...words: string[]) => Promise<Result> } {
  const folder = mkdtempSync(join(tmpdir(), 'incidents-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const env = { ...process.env, DICE_RUN_DIR: folder };
  const cli = join(import.meta.dirname, '../cli.ts');
  const run = (...words: string[]): Promise<Result> =>
    new Promise((resolve) => {
      execFile(process.execPath, [cli, ...words], { env }, (error, stdout, stderr) =>
        resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr }),
      );
    });
  return { folder, run };
}

test('without an answer it lists what to choose from, for graders as data', async (t) => {
  const { run } = commandLine(t);
  const [people, graders] = await Promise.all([run('answer', 'stage-5'), run('answer', 'stage-5', '--json')]);
  assert.equal(people.code, 0);
  assert.match(people.output, /SERVICE[^]* postgres[^]*CAUSE[^]* lock /);
  assert.ok(JSON.parse(graders.output).causes.includes('lock'));
});

test('it refuses what it cannot do, and says what to do instead', async (t) => {
  const { run } = commandLine(t);
  const refusals: [string[], RegExp][] = [
    [['answer', 'stage-5', '--cause', 'locks'], /CAUSE is one of wrong-data, lock, /],
    [['answer', 'stage-5', '--cause', 'lock'], /No incident is running in stage-5. Start one: make stage-5 incident/],
    [['incident', 'stage-1'], /stage-1 has no incidents. They start at stage-3/],
    [['incident', 'stage-9'], /There is no stage-9. Stages: stage-1, /],
    [['incident', 'stage-5', '--runtime', 'native'], /stage-5 is not running. Start it: make stage-5 up/],
  ];
  for (const [words, message] of refusals) {
    const { code, output } = await run(...words);
    assert.equal(code, 2, output);
    assert.match(output, message);
  }
});

test('one that was left behind must be ended before the next, and ending it says what it was', async (t) => {
  const { folder, run } = commandLine(t);
  const file = join(folder, 'incident.json');
  writeFileSync(file, JSON.stringify(sealed(incidentNamed('table locked by a report'))));
  const { code, output } = await run('incident', 'stage-5');
  assert.equal(code, 2);
  assert.match(output, /An incident in stage-5 was left behind. Restore the stage: make stage-5 incident END=1/);
  assert.match((await run('incident', 'stage-3', '--end')).output, /The incident is in stage-5, not in stage-3/);
  assert.match(readFileSync(file, 'utf8'), /salt/);
  assert.match((await run('incident', 'stage-5', '--end')).output, /It was CAUSE=lock .*SERVICE=postgres/);
  assert.equal(existsSync(file), false);
  assert.match((await run('incident', 'stage-5', '--end')).output, /No incident is running in stage-5/);
});
