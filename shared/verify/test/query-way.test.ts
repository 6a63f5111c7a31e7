import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { freePorts } from '../../runtime/free-ports.ts';
import type { DataSource, PanelQuery } from '../panels/dashboard.ts';
import { missingMaker } from '../panels/makers.ts';
import { wayOf } from '../panels/query-way.ts';
import type { RunningStage } from '../stage/running-stage.ts';
import { backEnd } from './back-end.ts';

/** A stage with back ends at these addresses, and no others. */
function stageWith(urls: Record<string, string>): RunningStage {
  return {
    backEnd: (name: string) => (urls[name] ? { url: urls[name] } : { missing: `${name} is down` }),
  } as unknown as RunningStage;
}

const here = 'http://127.0.0.1:1';
const all = { grafana: here, prometheus: here, loki: here, tempo: here, 'otel-collector': here };

function way(type: string, query = 'a', urls: Record<string, string> = all) {
  const source: DataSource = { uid: type, type, scrapeInterval: 5000 };
  const asked = { target: { refId: 'A', expr: query, query }, range: 60_000 } as unknown as PanelQuery;
  return wayOf(stageWith(urls), asked, source);
}

suite('a query is asked', () => {
  const nameOf = (...words: Parameters<typeof way>): string => (way(...words) as { name: string }).name;

  test('through Grafana where it runs, but for a list of traces, and else of the back end itself', () => {
    const { grafana: _, ...without } = all;
    assert.equal(nameOf('prometheus'), 'Grafana');
    assert.equal(nameOf('tempo', '{ } | rate()'), 'Grafana');
    assert.equal(nameOf('tempo', '{ }'), 'Tempo');
    assert.equal(nameOf('loki', 'a', without), 'Loki');
  });

  test('of nobody where its back end is down, or gets nothing because the collector is', () => {
    const { 'otel-collector': _, ...without } = all;
    assert.deepEqual(way('loki', 'a', without), { missing: 'otel-collector is down' });
    assert.deepEqual(way('loki', 'a', { grafana: here }), { missing: 'loki is down' });
    assert.ok('ask' in way('prometheus', 'a', without));
    const unknown = way('mysql', 'a', { ...all, mysql: here });
    assert.match((unknown as { missing: string }).missing, /does not know .* mysql$/);
  });

  test('and a refusal is final where asking again cannot help', async (t) => {
    const final: unknown[] = [];
    for (const status of [400, 404, 429, 500, 503]) {
      const { url } = await backEnd(t, () => ({ status, body: { error: 'no' } }));
      const asked = way('prometheus', 'a', { prometheus: url }) as { ask: () => Promise<unknown> };
      final.push(await asked.ask());
    }
    const answers = [true, true, false, false, false].map((isFinal) => ({ refused: 'no', final: isFinal }));
    assert.deepEqual(final, answers);
    const [nobody] = await freePorts(1);
    const silent = way('prometheus', 'a', { prometheus: `http://127.0.0.1:${nobody}` });
    assert.partialDeepStrictEqual(await (silent as { ask: () => Promise<unknown> }).ask(), { final: false });
  });

  test('with the values of its variables in it', async (t) => {
    const { url, asked } = await backEnd(t, () => ({ body: { data: { result: [] } } }));
    const query = way('prometheus', 'rate(a[$__rate_interval])', { prometheus: url });
    assert.deepEqual(await (query as { ask: () => Promise<unknown> }).ask(), { shows: 'nothing' });
    assert.equal(asked[0]!.searchParams.get('query'), 'rate(a[20s])');
  });
});

suite('a metric that no service of ours makes', () => {
  test('needs its maker, and what the collector counts as sent needs who takes it', () => {
    const missing = (query: string, ...running: string[]) =>
      missingMaker(stageWith(Object.fromEntries(running.map((name) => [name, here]))), query);
    assert.equal(missing('rate(pg_up[1m])'), 'postgres-exporter is down, and pg_up needs it');
    assert.equal(missing('rate(pg_up[1m])', 'postgres-exporter'), undefined);
    assert.equal(missing('otelcol_process_uptime'), 'otel-collector is down, and otelcol_process_uptime needs it');
    const sent = 'otelcol_exporter_sent_spans_total';
    assert.equal(missing(sent, 'otel-collector'), `tempo is down, and ${sent} needs it`);
    assert.equal(missing(sent, 'tempo'), `otel-collector is down, and ${sent} needs it`);
    assert.equal(missing(sent, 'tempo', 'otel-collector'), undefined);
    assert.equal(missing('dice_rolls_total{path="/pg_up"} - my_pg_up'), undefined);
  });
});
