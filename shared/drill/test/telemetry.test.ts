import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openChance } from '../hostile/chance.ts';
import { verdict } from '../report.ts';
import { until } from '../steps/wait.ts';
import { awaitArrivals } from '../telemetry/arrivals.ts';
import { arrivalFindings } from '../telemetry/findings.ts';
import { memoryFinding, watchMemory } from '../telemetry/memory.ts';
import { missingLines, missingSpans } from '../telemetry/places.ts';
import { figure, judge, notChecked } from '../step.ts';
import type { Shot } from '../load/shot.ts';
import type { Target } from '../load/target.ts';

const shot = (traceId: string, status = 200): Shot => ({ traceId, status }) as Shot;
const never = new AbortController().signal;
const traceIds = (shots: Shot[]) => shots.map(({ traceId }) => traceId);

test('a request lacks its span, or the last of its lines, which depends on how it was answered', async () => {
  const shots = [shot('a'), shot('b'), shot('c', 500)];
  assert.deepEqual(traceIds(await missingSpans(async () => new Set(['a', 'x']), shots)), ['b', 'c']);
  const lines = new Map([
    ['a', ['Roll requested', 'Die rolled']],
    ['b', ['Roll requested']],
    ['c', ['Die rolled']],
  ]);
  const last = { 200: 'Die rolled', 500: 'Request failed' };
  assert.deepEqual(traceIds(await missingLines(async () => lines, shots, last)), ['b', 'c']);
});

test('a request without an answer has no last line, so it is missing', async () => {
  const lines = new Map([['a', ['Roll requested']]]);
  assert.deepEqual(traceIds(await missingLines(async () => lines, [{ traceId: 'a' } as Shot], { 200: 'x' })), ['a']);
});

test('what arrives late counts, and only what is missing is looked for again', async () => {
  const asked: string[][] = [];
  const spans = async (ids: string[]) => (asked.push(ids), new Set(asked.length === 1 ? ['a'] : ids));
  const places = { spans: { where: 'receiver', read: spans }, lines: { unreadable: 'loki is not here' } };
  const target = { lastLine: {} } as Target;
  const arrivals = await awaitArrivals(places, target, [shot('a'), shot('b')], 60_000, never);
  assert.deepEqual(asked, [['a', 'b'], ['b']]);
  assert.deepEqual(arrivalFindings('requests', [shot('a'), shot('b')], arrivals), [
    { outcome: 'passed', what: 'spans of requests', saw: '2 of 2 in receiver' },
    { outcome: 'not checked', what: 'log lines of requests', saw: 'loki is not here' },
  ]);
});

test('what never comes is a failure that names the requests', () => {
  const missing = { where: 'Tempo', missing: [shot('a'), shot('b', 500), shot('c')] };
  const [spans] = arrivalFindings('requests', [shot('a'), shot('b'), shot('c'), shot('d')], {
    ...{ spans: missing, lines: missing },
  });
  assert.deepEqual([spans!.outcome, spans!.saw], ['failed', '1 of 4 in Tempo, not of a (200), b (500), …']);
});

test('a wait ends when it is so, when the patience is over, and when the drill is interrupted', async () => {
  let asks = 0;
  assert.equal(await until(async () => ++asks === 2, 60_000, never), true);
  assert.equal(await until(async () => false, -1, never), false);
  await assert.rejects(
    until(async () => false, 60_000, AbortSignal.abort()),
    { name: 'AbortError' },
  );
});

test('memory that grows on in the second half is a failure, and memory that cannot be read is not checked', async () => {
  const readings = [10, 90, 20];
  const { seen, end } = await watchMemory(async () => readings.shift() ?? 20);
  while (readings.length > 1) await new Promise(setImmediate);
  await end();
  assert.deepEqual([seen.before, seen.highest], [10, 90]);
  assert.equal(memoryFinding({ ...seen, halfway: 50 }, 210).outcome, 'passed');
  assert.equal(memoryFinding({ ...seen, halfway: 50 }, 211).outcome, 'failed');
  assert.equal(memoryFinding(seen, 211).outcome, 'not checked');
});

test('the verdict is a failure if one thing failed, and says what was not checked', () => {
  const [good, bad, unseen] = [judge(true, 'a', ''), judge(false, 'b', ''), notChecked('c', 'why')];
  assert.match(verdict('stage-1', [good, figure('d', '1')]), /: 1 passed, 0 failed, 0 not checked\./);
  const [clean, partly, failed] = [[good], [good, unseen], [good, unseen, bad]].map((all) => verdict('stage-1', all));
  assert.equal(new Set([clean, partly, failed].map((text) => text!.replace(/:.*/, ''))).size, 3);
});

test('a seed gives the same choices each time, all within their limits', () => {
  const draw = (seed: string) => {
    const { below, pick, hex, bytes } = openChance(seed);
    return JSON.stringify([
      Array.from({ length: 50 }, () => below(3)),
      pick(['a', 'b']),
      hex(8),
      bytes(4).toString('hex'),
    ]);
  };
  assert.equal(draw('one'), draw('one'));
  assert.notEqual(draw('one'), draw('two'));
  const [numbers, , hex] = JSON.parse(draw('one'));
  assert.deepEqual(
    numbers.toSorted().filter((one: number, at: number, all: number[]) => one !== all[at - 1]),
    [0, 1, 2],
  );
  assert.match(hex, /^[0-9a-f]{8}$/);
});
