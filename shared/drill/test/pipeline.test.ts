import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import type { BackEnd, RunningStage } from '../../verify/stage/running-stage.ts';
import { pipelineFinding } from '../telemetry/pipeline.ts';

/** Prometheus, which answers a sum of the metrics whose names hold a word. */
async function prometheus(t: TestContext, sums: Record<string, string>): Promise<BackEnd> {
  const server = createServer(({ url = '' }, response) => {
    const query = new URL(url, 'http://a').searchParams.get('query') ?? '';
    const found = Object.entries(sums).find(([word]) => query.includes(word));
    response.end(JSON.stringify({ data: { result: found ? [{ value: [0, found[1]] }] : [] } }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function stageWith(backEnds: Record<string, BackEnd>): RunningStage {
  const backEnd = (name: string): BackEnd => backEnds[name] ?? { missing: `${name} is not on this machine` };
  return { backEnd } as RunningStage;
}

test('the drill shows what the collector received, refused, sent and failed to send', async (t) => {
  const sums = { receiver_accepted: '120', receiver_refused: '4', send_failed: '3' };
  const back = { 'otel-collector': { url: 'http://127.0.0.1:4318' }, prometheus: await prometheus(t, sums) };
  const finding = await pipelineFinding(stageWith(back));
  assert.equal(finding.outcome, 'figure');
  assert.equal(finding.saw, 'received 120, refused 4, sent 0, failed 3');
});

test('without a real collector that is not checked', async () => {
  const finding = await pipelineFinding(stageWith({}));
  assert.deepEqual([finding.outcome, finding.saw], ['not checked', 'otel-collector is not on this machine']);
});
