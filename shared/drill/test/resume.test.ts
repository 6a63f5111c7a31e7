import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunningStage } from '../../verify/stage/running-stage.ts';
import { backEnd } from '../../verify/test/back-end.ts';
import { span } from '../../verify/test/observations.ts';
import { diceRoller } from '../load/target.ts';
import type { Drill } from '../step.ts';
import { telemetryResumes } from '../telemetry/resume.ts';

test('telemetry flows again once a request that was answered has its span and its last line', async (t) => {
  const statuses = [503, 400, 200];
  const service = await backEnd(t, () => ({ status: statuses.shift() ?? 200, body: 'rolled' }));
  const receiver = await backEnd(t, ({ pathname }) => {
    if (pathname === '/api/logs') return { body: { logs: [{ message: 'Die rolled' }, { message: 'Roll requested' }] } };
    return { body: { spans: [span({ service: 'dice-roller', traceId: pathname.split('/').at(-1)! })] } };
  });
  const stage = { receiver: receiver.url, services: [{ name: 'dice-roller', url: service.url }] };
  const drill = { stage: stage as unknown as RunningStage, signal: new AbortController().signal } as Drill;
  const findings = await telemetryResumes(drill, diceRoller);
  assert.deepEqual(
    findings.map(({ outcome, what, saw }) => [outcome, what.replace(/[\d.]+ s/, 'some s'), saw]),
    ['spans', 'log lines'].map((signal) => [
      ...['passed', `${signal} of a request made some s after it was back`, '1 of 1 in receiver'],
    ]),
  );
  assert.deepEqual(
    service.asked.map(({ pathname, search }) => pathname + search),
    Array.from({ length: 3 }, () => '/roll?die=fair'),
  );
});

test('a service that keeps answering wrongly ends the wait with its answer', async (t) => {
  const service = await backEnd(t, () => ({ status: 503, body: 'no' }));
  const stage = { receiver: service.url, services: [{ name: 'dice-roller', url: service.url }] };
  const drill = { stage: stage as unknown as RunningStage, signal: new AbortController().signal } as Drill;
  await assert.rejects(telemetryResumes(drill, diceRoller), /^Error: \/roll\?die=fair was answered 503$/);
});
