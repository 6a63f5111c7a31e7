// Opens one trace in Grafana's Explore. The data source is named as in observability/grafana/datasources.yaml.
export function traceLink(grafanaUrl: string, traceId: string): string {
  const tempo = { type: 'tempo', uid: 'tempo' };
  const query = { refId: 'A', datasource: tempo, queryType: 'traceql', query: traceId };
  const pane = { datasource: tempo.uid, queries: [query], range: { from: 'now-1h', to: 'now' } };

  return `${grafanaUrl}/explore?${new URLSearchParams({ schemaVersion: '1', panes: JSON.stringify({ trace: pane }) })}`;
}
