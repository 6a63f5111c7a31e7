import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { Problem } from '../../runtime/problem.ts';

/** A query's own settings, as they stand in the dashboard: `expr`, `query`, `instant`, `format`, … */
export type Target = Record<string, any> & { refId: string };

/** A data source that the stage provisions. */
export interface DataSource {
  uid: string;
  /** `prometheus`, `loki`, `tempo`: also the name of the back end's service. */
  type: string;
  /** Milliseconds between two scrapes, where the data source says it. */
  scrapeInterval: number;
}

export interface PanelQuery {
  dashboard: string;
  panel: string;
  /** The data source, or the unknown uid that the panel has. */
  source: DataSource | string;
  target: Target;
  /** How far back the dashboard looks, in milliseconds. */
  range: number;
}

export interface Dashboard {
  title: string;
  uid: string;
  queries: PanelQuery[];
}

const units: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Every dashboard of a stage, with every query of every panel. */
export function readDashboards(stage: string): Dashboard[] {
  const folder = join(stage, 'observability/grafana');
  const sources = readDataSources(stage);
  const files = globSync('dashboards/*.json', { cwd: folder }).sort();
  return files.map((file) => readDashboard(join(folder, file), sources));
}

/** The data sources that a stage gives to Grafana. */
export function readDataSources(stage: string): DataSource[] {
  const { datasources } = parse(readFileSync(join(stage, 'observability/grafana/datasources.yaml'), 'utf8'));
  return datasources.map(({ uid, type, jsonData }: Record<string, any>) => {
    return { uid, type, scrapeInterval: milliseconds(jsonData?.timeInterval ?? '15s') };
  });
}

function readDashboard(file: string, sources: DataSource[]): Dashboard {
  const { title, uid, time, panels } = JSON.parse(readFileSync(file, 'utf8'));
  const range = milliseconds(/^now-(\w+)$/.exec(time?.from ?? 'now-6h')?.[1] ?? '');
  // A row that is folded has its panels inside it.
  const all = panels.flatMap((panel: Record<string, any>) => [panel, ...(panel.panels ?? [])]);
  const queries = all.flatMap((panel: Record<string, any>) =>
    (panel.targets ?? []).map(graphQuery).map((target: Target): PanelQuery => {
      const wanted = (target.datasource ?? panel.datasource)?.uid;
      const source = sources.find((candidate) => candidate.uid === wanted) ?? String(wanted);
      return { dashboard: title, panel: panel.title, source, target, range };
    }),
  );
  return { title, uid, queries };
}

/** Grafana draws Tempo's node graph from this metric, which Tempo makes from spans and writes to Prometheus. */
function graphQuery(target: Target): Target {
  if (target.queryType !== 'serviceMap') return target;
  const expr = 'traces_service_graph_request_total';
  return { ...target, datasource: { uid: 'prometheus' }, expr, instant: true };
}

function milliseconds(text: string): number {
  const [, count, unit] = /^(\d+)([smhd])$/.exec(text) ?? [];
  if (!count || !unit) throw new Problem(`"${text}" is not a duration that verify understands; write it like 15m.`);
  return Number(count) * units[unit]!;
}

/** For the table: the data source's type, as the back end calls itself. */
export function backEndName({ type }: DataSource): string {
  return type.charAt(0).toUpperCase() + type.slice(1);
}
