import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { parseContract } from '../contract/contract.ts';
import { driveRound, rollForPanels, usersOfRounds } from '../drive/round.ts';
import type { RunningStage } from '../stage/running-stage.ts';
import { backEnd } from './back-end.ts';

const counted = `metrics: { http_requests_total: { type: counter, labels: { status: '200' } } }`;
const contract = parseContract(`
services:
  dice: { ${counted} }
  other: {}
requests: [GET dice /roll]
silent: [GET dice /healthz]
unsampled: [GET dice /roll]
`);

/** A stage with a service that counts its requests, and the settings that its traffic was run with. */
async function stageOf(t: TestContext, backEnds: string[] = []) {
  let count = 7;
  const { url, asked } = await backEnd(t, ({ pathname }) => {
    if (pathname === '/roll') count++;
    return { body: `# TYPE http_requests_total counter\nhttp_requests_total{status="200"} ${count}\n` };
  });
  const runs: Record<string, string>[] = [];
  const stage = {
    services: [
      { name: 'dice', url },
      { name: 'other', url: 'http://127.0.0.1:1' },
    ],
    backEnd: (name: string) => (backEnds.includes(name) ? { url } : { missing: 'down' }),
    runTraffic: async (settings: Record<string, string>) => (runs.push(settings), void (await fetch(`${url}/roll`))),
  } as unknown as RunningStage;
  return { stage, runs, paths: () => asked.map(({ pathname }) => pathname) };
}

test('a round is the traffic and each request of the contract, and what was counted meanwhile', async (t) => {
  const { stage, runs, paths } = await stageOf(t);
  const { requests, answered } = await driveRound(stage, contract, 'a seed', 3);
  assert.deepEqual([runs[0]!.SEED, runs[0]!.NUM_USERS], ['a seed', '3']);
  assert.deepEqual(
    requests.map(({ made, path }) => `${made} ${path}`),
    ['requests /roll', 'silent /healthz', 'unsampled /roll'],
  );
  assert.deepEqual(paths(), ['/metrics', '/roll', '/roll', '/healthz', '/metrics', '/roll']);
  const [{ service, count, from, to }] = answered as [(typeof answered)[0]];
  // One of the traffic and one of the contract; the unsampled one has no span to compare with.
  assert.deepEqual([answered.length, service, count], [1, 'dice', 2]);
  assert.ok(from <= to && to <= Date.now());
});

test('dice roll for the panels only where a back end can be asked', async (t) => {
  const [without, withLoki] = [await stageOf(t, ['grafana']), await stageOf(t, ['loki'])];
  await rollForPanels(without.stage, 3);
  await rollForPanels(withLoki.stage, 3);
  assert.deepEqual([without.runs.length, withLoki.runs.length, withLoki.runs[0]!.NUM_USERS], [0, 1, '3']);
});

test('without Tempo, the first of two rounds is the smaller, and both together are one with Tempo', () => {
  const [small, large] = [{ missing: 'down' }, { url: 'http://127.0.0.1:1' }].map((tempo) =>
    usersOfRounds({ backEnd: (name) => (name === 'tempo' ? tempo : { missing: 'down' }) } as RunningStage),
  );
  assert.ok(small![0] < small![1]);
  assert.deepEqual(large, [small![0] + small![1], small![0] + small![1]]);
});
