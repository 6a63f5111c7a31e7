import type { RunningStage } from '../stage/running-stage.ts';
import { fedBackEnd } from '../stage/running-stage.ts';

/** Metrics in Prometheus that no service of ours makes, by the start of their names, and the back end that they need. */
const makers: Record<string, string> = {
  traces_: 'tempo',
  pg_: 'postgres-exporter',
  // The collector counts what it has sent once somebody has taken it.
  otelcol_exporter_sent_spans: 'tempo',
  otelcol_exporter_sent_log_records: 'loki',
  otelcol_: 'otel-collector',
};

/** Why a query cannot show anything of this run: the back end that its metrics need does not run. */
export function missingMaker(stage: RunningStage, query: string): string | undefined {
  const names = query.replace(/"(?:\\.|[^"\\])*"/g, '').match(/[a-zA-Z_:][\w:]*/g) ?? [];
  for (const [start, maker] of Object.entries(makers)) {
    const metric = names.find((name) => name.startsWith(start));
    const backEnd = fedBackEnd(stage, maker);
    if (metric && 'missing' in backEnd) return `${backEnd.missing}, and ${metric} needs it`;
  }
  return undefined;
}
