import assert from 'node:assert/strict';
import { createServer, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { suite, test, type TestContext } from 'node:test';
import { repositoryRoot } from '../../runtime/places.ts';
import { checkPageQueries } from '../panels/check-page-queries.ts';
import { checkPanels } from '../panels/check-panels.ts';
import { fillVariables } from '../panels/window.ts';
import type { Check } from '../compare/check.ts';
import type { BackEnd, RunningStage } from '../stage/running-stage.ts';
import { faults, outcomes } from './observations.ts';

type Answer = [status: number, body: unknown];

/** A back end that answers as the test says. */
async function backEnd(
  t: TestContext,
  answer: (request: IncomingMessage) => Answer | Promise<Answer>,
): Promise<BackEnd> {
  const server = createServer(async (request, response) => {
    const [status, body] = await answer(request);
    response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** Stage 1's own dashboard and page, with these back ends and no others. */
function stageWith(backEnds: Record<string, BackEnd>): RunningStage {
  return {
    ...{ name: 'stage-1', directory: join(repositoryRoot, 'stage-1'), how: 'native', services: [], jobs: [], since: 0 },
    backEnd: (name) => backEnds[name] ?? { missing: `${name} is not on this machine` },
    runTraffic: () => Promise.resolve(),
  };
}

const vector = (value: string): Answer => [200, { data: { result: [{ metric: {}, value: [0, value] }] } }];
const panel = 'panel Rolls by Die Type, A';
const fromSpans = 'panel Request Duration, D';

suite("the panels' queries", () => {
  test('whose back end is missing are not checked', async () => {
    const checks = await checkPanels(stageWith({}), {}, 0);
    assert.ok(checks.length > 10);
    assert.ok(checks.every(({ outcome, reason }) => outcome === 'not checked' && reason?.includes('is not on this')));
  });

  test('pass with data, and fail without', async (t) => {
    const full = await checkPanels(stageWith({ prometheus: await backEnd(t, () => vector('1')) }), {}, 0);
    assert.equal(outcomes(full)[panel], 'passed');
    const nothing = await backEnd(t, () => [200, { data: { result: [] } }]);
    const bare = await checkPanels(stageWith({ prometheus: nothing }), {}, 0);
    assert.ok(faults(bare).includes(`${panel}: is valid, but shows nothing: sum by (die_type) (dice_rolls_total)`));
  });

  test('may be empty where the contract says so', async (t) => {
    const nothing = stageWith({ prometheus: await backEnd(t, () => [200, { data: { result: [] } }]) });
    const checks = await checkPanels(nothing, { 'Rolls by Die Type': 'nobody rolls', 'Old Panel': 'gone' }, 0);
    assert.equal(outcomes(checks)[panel], 'passed');
    assert.equal(checks.find(({ subject }) => subject === panel)?.result, 'empty, allowed');
    assert.ok(faults(checks).includes('panel Old Panel: is in empty_panels, but no dashboard has it'));
  });

  test('show nothing when all they have is not a number', async (t) => {
    const checks = await checkPanels(stageWith({ prometheus: await backEnd(t, () => vector('NaN')) }), {}, 0);
    assert.equal(outcomes(checks)[panel], 'failed');
  });

  test('are not checked when they are empty because what makes their metrics is missing', async (t) => {
    const checks = await checkPanels(stageWith({ prometheus: await backEnd(t, () => vector('NaN')) }), {}, 0);
    const check = checks.find(({ subject }) => subject === fromSpans);
    assert.equal(check?.outcome, 'not checked');
    assert.match(check?.reason ?? '', /tempo is not on this machine, and traces_spanmetrics_latency_bucket needs it/);
  });

  test('are not checked without the collector where they count what it does, though they draw a 0 then', async (t) => {
    const running = { prometheus: await backEnd(t, () => vector('0')) };
    const without = outcomes(await checkPanels(stageWith(running), {}, 0));
    assert.equal(without['panel Spans in the Collector, B'], 'not checked');
    const collector = { 'otel-collector': { url: 'http://127.0.0.1:1' } };
    const withIt = outcomes(await checkPanels(stageWith({ ...running, ...collector }), {}, 0));
    assert.equal(withIt['panel Spans in the Collector, B'], 'passed');
    // Nobody takes what it would send.
    assert.equal(withIt['panel Spans in the Collector, C'], 'not checked');
  });

  test("fail with the back end's words when it refuses them, at once", async (t) => {
    const refuse = await backEnd(t, () => [400, { status: 'error', error: 'parse error: no such function' }]);
    const checks = await checkPanels(stageWith({ prometheus: refuse }), {}, 60_000);
    assert.ok(
      faults(checks).includes(
        `${panel}: was refused: parse error: no such function. The query: sum by (die_type) (dice_rolls_total)`,
      ),
    );
  });

  test('go through Grafana where it runs, which must have the dashboard', async (t) => {
    const grafana = await backEnd(t, async (request) => {
      if (request.method === 'GET') return [404, { message: 'Dashboard not found' }];
      const { queries } = (await json(request)) as { queries: { refId: string; expr?: string }[] };
      const [{ refId, expr }] = queries as [{ refId: string; expr?: string }];
      const value = expr?.includes('dice_rolls_total') ? 4 : null;
      const frame = { schema: { fields: [{ type: 'time' }, { type: 'number' }] }, data: { values: [[0], [value]] } };
      return [200, { results: { [refId]: { status: 200, frames: [frame] } } }];
    });
    const there = { url: 'http://127.0.0.1:1' };
    const running = { grafana, prometheus: there, loki: there, tempo: there, 'otel-collector': there };
    const checks = await checkPanels(stageWith(running), {}, 0);
    const others = checks.filter(({ source }) => source !== 'Grafana').map(({ subject }) => subject);
    // Grafana asks for a list of traces from the browser.
    assert.deepEqual(others, ['panel Recent Traces, A']);
    assert.equal(outcomes(checks)[panel], 'passed');
    assert.equal(outcomes(checks)['panel Request Rate, A'], 'failed');
    assert.ok(faults(checks).includes('dashboard Dice Roller - Stage 1: Dashboard not found'));
  });

  test('get the values that Grafana gives to its variables', () => {
    const expr = 'rate(a[$__rate_interval]) + b[${__range}] + c[$__interval] + $__interval_ms + $die';
    const filled = fillVariables({ refId: 'A', expr }, { from: 0, to: 900_000, step: 5000 }, 5000);
    assert.equal(filled.expr, 'rate(a[20s]) + b[900s] + c[5s] + 5000 + $die');
  });
});

suite('the queries of the pages', () => {
  const query = 'sum by (die_type) (rate(dice_rolls_total[1m]))';
  const only = (checks: Check[]): Check[] => checks.filter(({ name }) => name === query);

  test('are not checked without their back end', async () => {
    const checks = await checkPageQueries(stageWith({}), 0);
    const places = checks.map(({ subject }) => subject.replace(/:\d+$/, ''));
    assert.deepEqual([...new Set(places)], ['stage-1/README.md', 'docs/glossary.md']);
    assert.ok(checks.every(({ outcome }) => outcome === 'not checked'));
  });

  test('pass when the back end accepts them, whether or not it has data', async (t) => {
    const full = await checkPageQueries(stageWith({ prometheus: await backEnd(t, () => vector('1')) }), 0);
    const bare = await checkPageQueries(stageWith({ prometheus: await backEnd(t, () => vector('NaN')) }), 0);
    const results = [...only(full), ...only(bare)].map(({ outcome, result }) => `${outcome}: ${result}`);
    assert.deepEqual(results, ['passed: data', 'passed: data', 'passed: accepted', 'passed: accepted']);
  });

  test("fail with the back end's words when it refuses them", async (t) => {
    const refuse = await backEnd(t, () => [400, { status: 'error', error: 'parse error: no such function' }]);
    const [check] = only(await checkPageQueries(stageWith({ prometheus: refuse }), 60_000));
    assert.equal(check?.outcome, 'failed');
    assert.match(check.advice ?? '', /^Fix the query in stage-1\/README\.md:\d+\.$/);
  });
});
