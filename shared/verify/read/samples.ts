import type { Metric, Series } from '../compare/metrics.ts';
import type { Sample } from '../../runtime/viewer/sample-line.ts';

const parts = /_(bucket|sum|count|total|created)$/;

/**
 * Puts samples together to metrics.
 * @param types by the name of the family, which lacks `_total` in OpenMetrics and has it in the older format
 */
export function metricsOf(samples: Sample[], types: Map<string, string>): Metric[] {
  const families = Map.groupBy(samples, ({ name }) => familyOf(name, types));
  return [...families].map(([family, members]) => {
    const type = types.get(family) ?? 'untyped';
    const name = type === 'counter' ? (members[0]?.name ?? family) : family;
    return { name, type, series: seriesOf(type, members) };
  });
}

function familyOf(name: string, types: Map<string, string>): string {
  if (types.has(name)) return name;
  const stem = name.replace(parts, '');
  return types.has(stem) ? stem : name;
}

function seriesOf(type: string, samples: Sample[]): Series[] {
  const groups = Map.groupBy(samples, ({ labels: { le: _, ...labels } }) => identity(labels));
  return [...groups.values()].map((members) => {
    const { le: _, ...labels } = members[0]!.labels;
    const buckets = members.filter(({ name, labels: { le } }) => name.endsWith('_bucket') && le !== undefined);
    // Prometheus 3 writes 1 as 1.0; the infinite one becomes NaN here, and is not wanted.
    const bounds = buckets.map(({ labels: { le } }) => Number(le)).filter(Number.isFinite);
    return { labels, count: countOf(type, members), bounds };
  });
}

function countOf(type: string, members: Sample[]): number {
  if (type === 'counter') return members[0]!.value;
  return members.find(({ name }) => name.endsWith('_count'))?.value ?? 1;
}

function identity(labels: Record<string, string>): string {
  return JSON.stringify(Object.entries(labels).sort());
}
