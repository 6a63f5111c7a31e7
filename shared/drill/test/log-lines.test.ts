import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { RunningStage } from '../../verify/stage/running-stage.ts';
import type { Shot } from '../load/shot.ts';
import { lineFindings, openLineCheck } from '../telemetry/log-lines.ts';

const never = new AbortController().signal;
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';

/** A line of the log file as the runtime keeps it. */
function kept(message: string, more: object = {}): string {
  const ids = { trace_id: traceId, span_id: '00f067aa0ba902b7' };
  const timestamp = '2026-01-01T00:00:00.000Z';
  return `${timestamp} ${JSON.stringify({ timestamp, level: 'INFO', message, ...ids, ...more })}\n`;
}

/** A stage whose service has printed a line that is wrong, before anybody looked. */
function stage(t: TestContext) {
  const directory = mkdtempSync(join(tmpdir(), 'lines-'));
  t.after(() => rmSync(directory, { recursive: true }));
  writeFileSync(
    join(directory, 'telemetry.yaml'),
    'services: { dice: { logs: [{ message: Die rolled, level: INFO }, { message: Unused, level: INFO }] } }',
  );
  const file = join(directory, 'dice.log');
  writeFileSync(file, kept('Printed before'));
  const running = {
    ...{ directory, services: [{ name: 'dice', url: '' }], jobs: [], logFile: () => file },
    backEnd: (name: string) => ({ missing: `${name} is down` }),
  } as unknown as RunningStage;
  return { file, running };
}

const last = [{ traceId } as Shot];

test('only lines from now on are compared, and what none of them says is not a fault', async (t) => {
  const { file, running } = stage(t);
  const check = await openLineCheck(running, 'dice');
  const line = kept('Die rolled');
  appendFileSync(file, line + line);
  const findings = await lineFindings(check, last, never);
  const bytes = line.trim().length - '2026-01-01T00:00:00.000Z '.length;
  assert.deepEqual(
    findings.map(({ outcome, saw }) => [outcome, saw]),
    [
      ['passed', `2 lines in ${check.where}`],
      ['figure', `${bytes} bytes`],
      ['figure', '0'],
    ],
  );
});

test('a line that is broken, or that nobody declared, is named', async (t) => {
  const { file, running } = stage(t);
  const check = await openLineCheck(running, 'dice');
  const trouble = kept('Telemetry error');
  appendFileSync(file, `${kept('Die rolled')}2026-01-01T00:00:00.000Z half a li\n${trouble}`);
  const [lines, , troubles] = await lineFindings(check, last, never);
  assert.equal(lines!.outcome, 'failed');
  assert.match(lines!.saw, /not one JSON object: half a li/);
  assert.equal(troubles!.saw, '1');
});

test('a log file that was started again in the meantime is read from its beginning', async (t) => {
  const { file, running } = stage(t);
  appendFileSync(file, kept('Printed before'));
  const check = await openLineCheck(running, 'dice');
  writeFileSync(file, kept('Die rolled'));
  const [lines] = await lineFindings(check, last, never);
  assert.match(`${lines!.outcome}: ${lines!.saw}`, /^passed: 1 lines/);
});

test('lines that are kept nowhere are not checked', async (t) => {
  const { logFile: _, ...running } = stage(t).running;
  const findings = await lineFindings(await openLineCheck(running as RunningStage, 'dice'), last, never);
  assert.deepEqual(
    findings.map(({ outcome, saw }) => [outcome, saw]),
    [['not checked', 'loki is down']],
  );
});
