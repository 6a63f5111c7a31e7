import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import type { RunningStage } from '../../verify/stage/running-stage.ts';
import { backEnd } from '../../verify/test/back-end.ts';
import { countRequests, countsInPrometheus } from '../telemetry/counts.ts';
import { labelFindings } from '../telemetry/labels.ts';

const ofMethod = (method: string, count: number): string =>
  `http_requests_total{method="${method}",status="200"} ${count}\n`;

/** A stage with a service that shows these lines at /metrics. */
async function stageWith(t: TestContext, lines: string): Promise<RunningStage> {
  const directory = mkdtempSync(join(tmpdir(), 'counts-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const labels = "labels: { method: GET, status: ['200', '499'] }";
  writeFileSync(
    join(directory, 'telemetry.yaml'),
    `services: { dice: { metrics: { http_requests_total: { type: counter, ${labels} } } } }`,
  );
  const { url } = await backEnd(t, () => ({ body: `# TYPE http_requests_total counter\n${lines}` }));
  return { directory, services: [{ name: 'dice', url }] } as unknown as RunningStage;
}

suite('the requests that a service counted', () => {
  test('are those of all its label sets, and none as long as it counted none', async (t) => {
    const { services } = await stageWith(t, `${ofMethod('GET', 3)}${ofMethod('PUT', 4)}other_total 9\n`);
    assert.equal(await countRequests(services[0]!), 7);
    assert.equal(await countRequests((await stageWith(t, '')).services[0]!), 0);
  });

  test('are no number in Prometheus until it has scraped them', async (t) => {
    const types = [{ metric: 'http_requests_total', type: 'counter' }];
    const sample = { metric: { __name__: 'http_requests_total', job: 'dice', status: '200' }, value: [1, '5'] };
    const results = [[], [sample, { ...sample, value: [1, '2'], metric: { ...sample.metric, status: '500' } }]];
    const { url } = await backEnd(t, ({ pathname }) => ({
      body: { data: pathname.endsWith('/query') ? { result: results.shift() } : types },
    }));
    const counts = countsInPrometheus({ backEnd: () => ({ url }) } as unknown as RunningStage, 'dice');
    assert.ok('total' in counts);
    assert.deepEqual([await counts.total(), await counts.total()], [Infinity, 7]);
    const missing = { missing: 'prometheus is down' };
    assert.deepEqual(countsInPrometheus({ backEnd: () => missing } as unknown as RunningStage, 'dice'), missing);
  });
});

suite('the labels at /metrics', () => {
  const outcomes = async (t: TestContext, lines: string) =>
    (await labelFindings(await stageWith(t, lines), 'dice')).map(({ outcome, saw }) => `${outcome}: ${saw}`);

  test('may have any method of HTTP, and need not have everything that is declared', async (t) => {
    const lines = ofMethod('DELETE', 1) + ofMethod('_OTHER', 1);
    assert.deepEqual(await outcomes(t, lines), ['passed: 1 metrics as declared', 'figure: 2']);
  });

  test('may have no value that a client made up, and no other metric', async (t) => {
    const [finding] = await outcomes(t, `${ofMethod('BREW', 1)}# TYPE odd gauge\nodd 1\n`);
    assert.match(finding!, /^failed: .*label method had the undeclared value "BREW" .*; .*odd: is not declared/);
  });

  test('of a service without a contract are not checked', async (t) => {
    const stage = await stageWith(t, '');
    const services = [...stage.services, { ...stage.services[0]!, name: 'other' }];
    for (const name of ['other', 'nobody']) {
      const [finding] = await labelFindings({ ...stage, services }, name);
      assert.equal(finding!.outcome, 'not checked');
    }
  });
});
