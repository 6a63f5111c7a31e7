import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { LogLine } from '../receiver/model.ts';
import { readLogText } from '../receiver/log-text.ts';
import { findBinary } from '../plan/find-binary.ts';
import { readUsageFiles } from '../usage/records.ts';
import { eventually, fixtures, stageFixture } from './stage-fixture.ts';
import { get } from './open-receiver.ts';
import { ordinaryBodies, usageBodies } from './usage-bodies.ts';

const stage = join(fixtures, 'usage');
const variables = ['WEB_PORT', 'LOKI_PORT', 'OTLP_HTTP_PORT', 'FLUENTD_PORT'];
const collector = findBinary(['otelcol-contrib']);

/** A folder for the PATH that has these programs and no others. */
function onlyThese(t: TestContext, programs: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'bin-'));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const program of programs) symlinkSync(program, join(folder, basename(program)));
  return folder;
}

/** What a reader makes of a line, without where and when it was printed. */
const shown = ({ message, fields: { usage } }: Pick<LogLine, 'message' | 'fields'>): string =>
  JSON.stringify({ message, usage });

for (const { how, programs, logs, skip } of [
  { how: 'the built-in receiver', programs: [], logs: ['OTLP_HTTP_PORT', '/api/logs'], skip: false },
  {
    how: 'the real collector',
    programs: [collector ?? ''],
    logs: ['LOKI_PORT', '/'],
    skip: collector ? false : 'not checked: otelcol-contrib is not on this machine',
  },
] as const) {
  test(
    `${how} writes usage records to their file only, and whatever looks like one to the logs only`,
    { skip },
    async (t) => {
      const path = onlyThese(t, [findBinary(['true'])!, ...programs]);
      const { runtime, environment, runDirectory } = await stageFixture(t, stage, [...variables], path);
      const { code, output } = await runtime('up', stage);
      assert.equal(code, 0, output);
      const file = join(runDirectory, 'volumes/stage-usage/usage-data/usage.jsonl');
      await eventually(() => {
        const records = readUsageFiles([readFileSync(file, 'utf8')]);
        assert.deepEqual(
          records.map(({ line }) => line),
          usageBodies,
        );
      });
      await eventually(async () => {
        const lines: LogLine[] = (await get(`http://127.0.0.1:${environment[logs[0]]}${logs[1]}`)).logs;
        assert.deepEqual(
          lines.map(shown).sort(),
          ordinaryBodies
            .map((text) => readLogText(text, 0))
            .map(shown)
            .sort(),
        );
      });
      const report = await runtime('usage', stage);
      assert.equal(report.code, 0);
      assert.match(report.output, /^│ Ada +│ +1 │ +0 │/m);
      // The volume outlives the run.
      await runtime('down', stage);
      assert.deepEqual(await runtime('usage', stage), report);
    },
  );
}

test('a stage that tracks no usage says so', async (t) => {
  const other = join(fixtures, 'other');
  const { runtime } = await stageFixture(t, other, []);
  const { code, output } = await runtime('usage', other);
  assert.equal(code, 1);
  assert.match(output, /other does not track usage: its compose\.yaml has no report named usage/);
});
