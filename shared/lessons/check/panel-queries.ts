import { readLined } from '../yaml-lines.ts';

export type QueryLanguage = 'prometheus' | 'loki' | 'tempo';

/** A query of a panel, or of a link between data sources. */
export interface Query {
  /** Its file, from the repository's root. */
  file: string;
  line: number;
  /** Undefined for a data source that no stage has. */
  language: QueryLanguage | undefined;
  /** As Grafana sends it: its own variables filled in. */
  text: string;
  /** For people: the panel's title. */
  title: string;
}

interface Target {
  datasource?: { uid?: string };
  expr?: string;
  query?: string;
}

interface Panel {
  title?: string;
  datasource?: { uid?: string };
  targets?: Target[];
  panels?: Panel[];
}

/** Also the uids of the data sources. */
const languages: QueryLanguage[] = ['prometheus', 'loki', 'tempo'];

/** Every query of a dashboard's panels, those in rows included; `language` is the data source's uid. */
export function dashboardQueries(file: string, json: string): Query[] {
  const { value, lineOf } = readLined(json);
  const visit = (panels: Panel[], path: (string | number)[]): Query[] =>
    panels.flatMap((panel, index) => [
      ...(panel.targets ?? []).flatMap((target, number) => {
        const key = target.expr === undefined ? 'query' : 'expr';
        const uid = target.datasource?.uid ?? panel.datasource?.uid;
        const language = languages.find((each) => each === uid);
        const text = target[key];
        if (text === undefined) return [];
        const line = lineOf([...path, index, 'targets', number, key]);
        return { file, line, language, text: fillIn(text), title: panel.title ?? '' };
      }),
      ...visit(panel.panels ?? [], [...path, index, 'panels']),
    ]);
  return visit(value.panels ?? [], ['panels']);
}

/** The queries behind the links from traces to logs and to metrics. `$$` is a `$` that Grafana fills in later. */
export function datasourceQueries(file: string, yaml: string): Query[] {
  const { value, lineOf } = readLined(yaml);
  const sources: any[] = value?.datasources ?? [];
  return sources.flatMap(({ name, jsonData = {} }, index) => {
    const query = (language: QueryLanguage, text: string | undefined, ...path: (string | number)[]): Query[] => {
      if (text === undefined) return [];
      const line = lineOf(['datasources', index, 'jsonData', ...path]);
      return [{ file, line, language, text: fillIn(text.replaceAll('$$', '$')), title: `${name}: ${path[0]}` }];
    };
    return [
      ...query('loki', jsonData.tracesToLogsV2?.query, 'tracesToLogsV2', 'query'),
      ...(jsonData.tracesToMetrics?.queries ?? []).flatMap((each: { query?: string }, number: number) =>
        query('prometheus', each.query, 'tracesToMetrics', 'queries', number, 'query'),
      ),
    ];
  });
}

/** Grafana's own variables, with a value that may stand there. */
function fillIn(text: string): string {
  return text
    .replaceAll(/\$\{([^}]+)\}/g, '$$$1')
    .replaceAll(/\$__tags\b/g, 'service="x"')
    .replaceAll(/\$__(range|interval)_m?s\b/g, '60')
    .replaceAll(/\$__(rate_interval|interval|range|auto)\b/g, '1m')
    .replaceAll(/\$[\w.:]+/g, 'x');
}
