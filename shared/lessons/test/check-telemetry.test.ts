import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { findBinary } from '../../runtime/plan/find-binary.ts';
import { datasourceQueries } from '../check/panel-queries.ts';
import { syntaxErrorIn } from '../check/parse-query.ts';
import { promtoolErrors } from '../check/promtool.ts';
import { faultsOf } from './faults-of.ts';
import type { SmallRepository } from './small-repository.ts';

const dashboard = 'observability/grafana/dashboards/dice.json';

/** The same edit in every stage, so that it is no drift; the faults of stage 1. */
function faultsAfter(file: string, part: string, by: string): string[] {
  const change = ({ edit }: SmallRepository): void =>
    [1, 2, 3].forEach((stage) => edit(`stage-${stage}/${file}`, part, by));
  return faultsOf(change).filter((fault) => fault.startsWith('stage-1/'));
}

test('a panel that asks for a metric which the contract does not have is named, with its line', () => {
  const [fault, ...others] = faultsAfter(dashboard, 'rolls_total[', 'rolled_total[');
  assert.match(
    fault!,
    /^stage-1\/.*\/dice\.json:6: "Rolls" asks for rolled_total, which stage-1\/telemetry\.yaml does not/,
  );
  assert.match(fault!, /declare the metric; if a back end makes it, list it in .*known\.yaml/);
  assert.deepEqual(others, []);
});

test('a metric asked for by __name__ is checked against the contract, too', () => {
  const [fault] = faultsAfter(dashboard, 'rolls_total[', '{__name__=\\"rolled_total\\"}[');
  assert.match(fault!, /asks for rolled_total/);
});

for (const metric of ['roll_seconds_bucket', 'roll_seconds_sum', 'roll_seconds_count', 'up']) {
  test(`a panel may ask for ${metric}`, () =>
    assert.deepEqual(faultsAfter(dashboard, 'rolls_total[', `${metric}[`), []));
}

for (const metric of ['roll_seconds', 'rolls_total_bucket', 'traces_spanmetrics_calls_total', 'pg_up']) {
  test(`no panel may ask for ${metric}, which nothing here emits`, () =>
    assert.match(faultsAfter(dashboard, 'rolls_total[', `${metric}[`)[0]!, new RegExp(`asks for ${metric},`)));
}

for (const [language, line, part, by] of [
  ['PromQL', 6, '[1m]))', '[1m])'],
  ['LogQL', 11, '| json', '| | json'],
  ['TraceQL', 16, 'name = ', 'name = = '],
] as const) {
  test(`a ${language} query that does not parse is named, with its line`, () => {
    const [fault] = faultsAfter(dashboard, part, by);
    assert.match(
      fault!,
      new RegExp(`^stage-1/.*/dice\\.json:${line}: .* its query does not parse: .*\\n.*Fix the query`),
    );
  });
}

test('a panel that asks a data source which no stage has is named', () => {
  const [fault] = faultsAfter(dashboard, '"uid": "tempo"', '"uid": "temp"');
  assert.match(fault!, /dice\.json:16: "Spans" uses a data source that is not one of ours/);
});

test("Grafana's own variables are filled in before a query is parsed", () => {
  assert.deepEqual(faultsAfter(dashboard, 'rolls_total[1m]', 'rolls_total{job=~\\"$job\\"}[$__rate_interval]'), []);
});

const promtool = findBinary(['promtool']) ? false : 'promtool is not on this machine';

test('promtool finds what a grammar cannot: a rate of a sum', { skip: promtool }, () => {
  const query = 'rate(sum(rolls_total))';
  assert.equal(syntaxErrorIn('prometheus', query), undefined);
  assert.match(promtoolErrors(['up', query]).get(1)!, /expected type range vector/);
  assert.equal(promtoolErrors(['up', query]).size, 1);
});

test('without promtool, the grammar alone judges', () => {
  assert.equal(promtoolErrors(['rate(sum(rolls_total))'], '/nowhere').size, 0);
});

test('the queries of the links between data sources are read, with their lines', () => {
  const yaml = [
    'datasources:',
    '  - name: Tempo',
    '    jsonData:',
    '      tracesToLogsV2:',
    '        query: \'{$${__tags}} | json | trace_id="$${__trace.traceId}"\'',
    '      tracesToMetrics:',
    "        queries: [{ query: 'rate(x{$$__tags}[1m])' }]",
  ];
  const queries = datasourceQueries('datasources.yaml', yaml.join('\n'));
  assert.deepEqual(
    queries.map(({ line, language, text }) => [line, language, text]),
    [
      [5, 'loki', '{service="x"} | json | trace_id="x"'],
      [7, 'prometheus', 'rate(x{service="x"}[1m])'],
    ],
  );
});

test('a variable that nothing reads is named, with its line', () => {
  const [fault] = faultsAfter('compose.yaml', 'PORT: 8000', 'PORT: 8000\n      COLOUR: red');
  assert.match(fault!, /^stage-1\/compose\.yaml:6: dice is given COLOUR, which nothing in it reads/);
  assert.match(fault!, /Read it in the service's config file, or remove it/);
});

test('a variable that only a test or a comment names counts as unread', () => {
  const faults = faultsOf(({ edit }) => {
    for (const stage of [1, 2, 3])
      edit(`stage-${stage}/dice/src/config.ts`, 'process.env.PORT', '8000 /* process.env.PORT */');
    for (const stage of [1, 2, 3]) edit(`stage-${stage}/dice/test/app.test.ts`, '', 'process.env.PORT = "0";\n');
  });
  assert.match(
    faults.find((fault) => fault.startsWith('stage-1/compose'))!,
    /dice is given PORT/,
  );
});

test('OTEL_* is for services that have the SDK only, GF_* for Grafana only', () => {
  const faults = faultsAfter('compose.yaml', 'PORT: 8000', 'PORT: 8000\n      OTEL_SERVICE_NAME: dice\n      GF_X: y');
  assert.deepEqual(
    faults.map((fault) => /given (\w+)/.exec(fault)![1]),
    ['OTEL_SERVICE_NAME', 'GF_X'],
  );
  const image = 'image: prom/prometheus:v3.13.1';
  assert.deepEqual(
    faultsAfter('compose.yaml', image, `${image}\n  g: { image: 'grafana/grafana:13.1.0', environment: { GF_X: y } }`),
    [],
  );
});

suite('the attributes of a contract', () => {
  const spans = '    spans: [{ name: GET, kind: server, attributes: { NAME: any text } }]\n';
  const declared = (name: string, reasons = ''): string[] =>
    faultsAfter('telemetry.yaml', 'services:\n', `${reasons}services:\n  other:\n${spans.replace('NAME', name)}`);

  test('may be stable ones of the semantic conventions, or ours by their prefix', () => {
    assert.deepEqual([...declared('http.route'), ...declared('die.type')], []);
  });

  test('are named when they are unknown, not stable yet, or deprecated, with what replaced them', () => {
    assert.match(declared('http.rout')[0]!, /telemetry\.yaml:\d+: the attribute http\.rout is not known/);
    assert.match(declared('process.pid')[0]!, /the attribute process\.pid is not stable yet/);
    assert.match(declared('db.statement')[0]!, /db\.statement is deprecated .*: Replaced by `db\.query\.text`/);
  });

  test('may be any of these with a reason, and a reason that nothing needs is named', () => {
    assert.deepEqual(declared('db.statement', 'other_attributes: { db.statement: as it was }\n'), []);
    assert.match(declared('http.route', 'other_attributes: { http.route: as it was }\n')[0]!, /needs none/);
  });
});
