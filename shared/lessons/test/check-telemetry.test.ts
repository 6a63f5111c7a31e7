import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { findBinary } from '../../runtime/plan/find-binary.ts';
import { datasourceQueries } from '../check/panel-queries.ts';
import { syntaxErrorIn } from '../check/parse-query.ts';
import { promtoolErrors } from '../check/promtool.ts';
import { faultsOf } from './faults-of.ts';
import type { SmallFolder } from './small-repository.ts';

const dashboard = 'observability/grafana/dashboards/dice.json';

/** The same edit in every stage, so that it is no drift; the faults of stage 1. */
function faultsAfter(file: string, part: string, by: string): string[] {
  const change = ({ edit }: SmallFolder): void =>
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

test('a panel may ask for what is declared, and for no series that nothing here emits', () => {
  const declared = ['roll_seconds_bucket', 'roll_seconds_sum', 'roll_seconds_count', 'up'];
  const unknown = ['roll_seconds', 'rolls_total_bucket', 'traces_spanmetrics_calls_total', 'pg_up'];
  const [first, ...others] = [...declared, ...unknown].map((metric) => `{ "expr": "rate(${metric}[1m])" }`);
  const faults = faultsAfter(dashboard, '{ "expr": "sum(', `${others.join(', ')}, ${first}, { "expr": "sum(`);
  assert.deepEqual(
    faults.map((fault) => /asks for (\w+),/.exec(fault)![1]),
    unknown,
  );
});

test('a query that does not parse is named, with its line, in each language', () => {
  const faults = faultsOf(({ edit }) => {
    for (const stage of [1, 2, 3]) {
      edit(`stage-${stage}/${dashboard}`, '[1m]))', '[1m])');
      edit(`stage-${stage}/${dashboard}`, '| json', '| | json');
      edit(`stage-${stage}/${dashboard}`, 'name = ', 'name = = ');
    }
  }).filter((fault) => fault.startsWith('stage-1/'));
  assert.equal(faults.length, 3);
  for (const [index, [title, line]] of [
    ['Rolls', 6],
    ['Lines', 11],
    ['Spans', 16],
  ].entries()) {
    const fault = `^stage-1/.*/dice\\.json:${line}: "${title}": its query does not parse: .*\\n.*Fix the query`;
    assert.match(faults[index]!, new RegExp(fault));
  }
});

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

test('a variable that nothing reads is named, with its line; OTEL_* is for the SDK only, GF_* for Grafana only', () => {
  const more = ['COLOUR: red', 'OTEL_SERVICE_NAME: dice', 'GF_X: y'];
  const faults = faultsAfter('compose.yaml', 'PORT: 8000', ['PORT: 8000', ...more].join('\n      '));
  assert.match(faults[0]!, /^stage-1\/compose\.yaml:6: dice is given COLOUR, which nothing in it reads/);
  assert.match(faults[0]!, /Read it in the service's config file, or remove it/);
  assert.deepEqual(
    faults.map((fault) => /given (\w+)/.exec(fault)![1]),
    ['COLOUR', 'OTEL_SERVICE_NAME', 'GF_X'],
  );
  const image = 'image: prom/prometheus:v3.13.1';
  assert.deepEqual(
    faultsAfter('compose.yaml', image, `${image}\n  g: { image: 'grafana/grafana:13.1.0', environment: { GF_X: y } }`),
    [],
  );
});

suite('the attributes of a contract', () => {
  const declared = (names: string[], withReason: string[] = []): string[] => {
    const attributes = names.map((name) => `${name}: any text`).join(', ');
    const reasons = withReason.map((name) => `${name}: as it was`).join(', ');
    const spans = `[{ name: GET, kind: server, attributes: { ${attributes} } }]`;
    const contract = `other_attributes: { ${reasons} }\nservices:\n  other:\n    spans: ${spans}\n`;
    return faultsAfter('telemetry.yaml', 'services:\n', contract);
  };

  test('may be stable ones of the semantic conventions, or ours by their prefix', () => {
    assert.deepEqual(declared(['http.route', 'die.type']), []);
  });

  test('are named when they are unknown, not stable yet, or deprecated, with what replaced them', () => {
    const [unknown, unstable, deprecated] = declared(['http.rout', 'process.pid', 'db.statement']);
    assert.match(unknown!, /telemetry\.yaml:\d+: the attribute http\.rout is not known/);
    assert.match(unstable!, /the attribute process\.pid is not stable yet/);
    assert.match(deprecated!, /db\.statement is deprecated .*: Replaced by `db\.query\.text`/);
  });

  test('may be any of these with a reason, and a reason that nothing needs is named', () => {
    const both = ['db.statement', 'http.route'];
    const [needless, ...others] = declared(both, both);
    assert.match(needless!, /a reason for http\.route, which needs none/);
    assert.deepEqual(others, []);
  });
});
