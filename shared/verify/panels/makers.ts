import type { RunningStage } from '../stage/running-stage.ts';
import { fedBackEnd } from '../stage/running-stage.ts';

/** Metrics in Prometheus that no service of ours makes, by the start of their names, and who makes them. */
const makers: Record<string, string> = { traces_: 'tempo', pg_: 'postgres-exporter' };

/** Why a query that shows nothing cannot show anything: who makes its metrics does not run. */
export function missingMaker(stage: RunningStage, query: string): string | undefined {
  const names = query.match(/[a-zA-Z_:][\w:]*/g) ?? [];
  for (const [start, maker] of Object.entries(makers)) {
    const metric = names.find((name) => name.startsWith(start));
    const backEnd = fedBackEnd(stage, maker);
    if (metric && 'missing' in backEnd) return `${backEnd.missing}, and ${metric} comes from ${maker}`;
  }
  return undefined;
}
