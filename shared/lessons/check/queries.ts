import { join } from 'node:path';
import { parse } from 'yaml';
import { messageOf } from '../../runtime/problem.ts';
import { readContract, type Contract } from '../../verify/contract/contract.ts';
import type { Fault } from './fault.ts';
import { known } from './known.ts';
import { dashboardQueries, datasourceQueries, type Query } from './panel-queries.ts';
import { metricsIn, syntaxErrorIn } from './parse-query.ts';
import type { Project } from './project.ts';
import { promtoolErrors } from './promtool.ts';

/** Queries that do not parse, and panels that use a metric that nothing in their stage emits. */
export function findBadQueries(project: Project): Fault[] {
  const byStage = project.stages.map((stage) => ({ stage, queries: queriesOf(project, stage) }));
  const queries = byStage.flatMap((each) => each.queries);
  return [...misspelt(queries), ...byStage.flatMap((each) => unknownMetrics(project, each.stage, each.queries))];
}

function queriesOf({ files, read }: Project, stage: string): Query[] {
  const inFolder = (pattern: RegExp): string[] =>
    files.filter((file) => file.startsWith(`${stage}/observability/grafana/`) && pattern.test(file));
  return [
    ...inFolder(/\/dashboards\/.*\.json$/).flatMap((file) => dashboardQueries(file, read(file))),
    ...inFolder(/\/datasources\.yaml$/).flatMap((file) => datasourceQueries(file, read(file))),
  ];
}

function misspelt(queries: Query[]): Fault[] {
  const prometheus = queries.filter(({ language }) => language === 'prometheus');
  const said = promtoolErrors(prometheus.map(({ text }) => text));
  return queries.flatMap((query) => {
    const { file, line, language, text, title } = query;
    if (language === undefined) {
      const fault = `"${title}" uses a data source that is not one of ours`;
      return { file, line, fault, remedy: 'Give it the datasource uid prometheus, loki or tempo.' };
    }
    const at = syntaxErrorIn(language, text);
    const fault = said.get(prometheus.indexOf(query)) ?? (at === undefined ? undefined : `unexpected at ${at + 1}`);
    if (fault === undefined) return [];
    return { file, line, fault: `"${title}": its query does not parse: ${fault}`, remedy: `Fix the query: ${text}` };
  });
}

function unknownMetrics(project: Project, stage: string, queries: Query[]): Fault[] {
  let contract: Contract;
  try {
    contract = readContract(join(project.root, stage));
  } catch (error) {
    const remedy = 'Write or fix it: the panels are checked against it.';
    const fault = project.files.includes(`${stage}/telemetry.yaml`) ? messageOf(error) : 'it is missing';
    return [{ file: `${stage}/telemetry.yaml`, line: 1, fault, remedy }];
  }
  const isKnown = knownMetrics(project, stage, contract);
  return queries
    .filter(({ language }) => language === 'prometheus')
    .flatMap(({ file, line, text, title }) =>
      metricsIn(text)
        .filter((name) => !isKnown(name))
        .map((name) => ({
          ...{ file, line, fault: `"${title}" asks for ${name}, which ${stage}/telemetry.yaml does not declare` },
          remedy: `Correct the name, or declare the metric; if a back end makes it, list it in shared/lessons/check/known.yaml with its source.`,
        })),
    );
}

function knownMetrics({ read }: Project, stage: string, contract: Contract): (name: string) => boolean {
  const suffixes = { histogram: ['_bucket', '_sum', '_count'], summary: ['', '_sum', '_count'] } as Record<
    string,
    string[]
  >;
  const declared = Object.values(contract.services)
    .flatMap(({ metrics }) => Object.entries(metrics))
    .flatMap(([name, { type }]) => (suffixes[type] ?? ['']).map((suffix) => name + suffix));
  const services = Object.keys(parse(read(`${stage}/compose.yaml`), { merge: true }).services);
  const others = known.metrics.filter(({ service }) => services.includes(service)).flatMap(({ names }) => names);
  return (name) => declared.includes(name) || others.some((pattern) => pattern.test(name));
}
