import { ask, askJson, jsonOf, Refusal } from '../read/ask.ts';
import type { Dashboard, DataSource, Target } from './dashboard.ts';
import type { Window } from './window.ts';

interface Frame {
  schema?: { fields?: { type?: string }[] };
  data?: { values?: unknown[][] };
}

/**
 * Asks a query as a panel does, through Grafana's own data source.
 * https://grafana.com/docs/grafana/latest/developer-resources/api-reference/http-api/data_source/#query-a-data-source
 * @returns whether it has anything to show
 * @throws Refusal with Grafana's message
 */
export async function askGrafana(url: string, source: DataSource, target: Target, window: Window): Promise<boolean> {
  const datasource = { uid: source.uid, type: source.type };
  const query = { ...target, datasource, intervalMs: window.step, maxDataPoints: 600 };
  const body = JSON.stringify({ queries: [query], from: String(window.from), to: String(window.to) });
  const headers = { 'content-type': 'application/json' };
  const response = await ask(`${url}/api/ds/query`, { method: 'POST', body, headers });
  const { results = {} } = await jsonOf(response);
  const { error, status = 500, frames = [] } = results[target.refId] ?? { error: 'Grafana gave no result' };
  if (error) throw new Refusal(status, String(error));
  return frames.some(hasValues);
}

/** A value in any column but those of times. Grafana writes NaN as null. */
function hasValues({ schema, data }: Frame): boolean {
  const columns = data?.values ?? [];
  return columns.some((column, index) => {
    return schema?.fields?.[index]?.type !== 'time' && column.some((value) => value !== null);
  });
}

/** @throws Refusal when Grafana does not have the dashboard, which is how it treats one that it cannot read */
export async function askDashboard(url: string, { uid, title }: Dashboard): Promise<void> {
  const { dashboard } = await askJson(`${url}/api/dashboards/uid/${uid}`);
  if (dashboard.title !== title) throw new Refusal(409, `Grafana has another dashboard there: ${dashboard.title}`);
}
