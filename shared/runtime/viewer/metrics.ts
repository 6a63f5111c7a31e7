import { readFamilies } from '../exposition/families.ts';
import type { Sample } from '../exposition/sample-line.ts';
import type { Metric, Series } from './model.ts';

/**
 * What a service answers at /metrics, as the viewer shows it.
 * @throws Error quoting a line that is neither sample nor comment
 */
export function readMetrics(text: string): Metric[] {
  return readFamilies(text).map(({ name, type, help, samples }) => ({
    ...{ name, type, help, series: seriesOf(type, samples) },
  }));
}

function seriesOf(type: string, samples: Sample[]): Series[] {
  const groups = Map.groupBy(samples, ({ labels }) => JSON.stringify(Object.entries(plainLabels(type, labels)).sort()));
  return [...groups.values()].map((members) => {
    const labels = plainLabels(type, members[0]!.labels);
    if (!isDistribution(type)) return { labels, value: members[0]!.value };
    return { labels, count: valueOf(members, '_count') ?? 0, sum: valueOf(members, '_sum') ?? NaN };
  });
}

/** Without the labels that distinguish the lines of one histogram or summary. */
function plainLabels(type: string, { le, quantile, ...labels }: Record<string, string>): Record<string, string> {
  return isDistribution(type) ? labels : { ...labels, ...(le && { le }), ...(quantile && { quantile }) };
}

function isDistribution(type: string): boolean {
  return type === 'histogram' || type === 'summary';
}

function valueOf(members: Sample[], suffix: string): number | undefined {
  return members.find(({ name }) => name.endsWith(suffix))?.value;
}
