import type { Family } from '../../runtime/exposition/families.ts';
import type { Sample } from '../../runtime/exposition/sample-line.ts';
import type { Metric, Series } from '../compare/metrics.ts';

/** A metric in the form that it is compared in. */
export function metricOf({ name, type, unit, samples }: Family): Metric {
  const exemplars = samples.flatMap(({ exemplar }) => exemplar?.trace_id ?? []);
  return { name, type, ...(unit && { unit }), series: seriesOf(type, samples), exemplars };
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
