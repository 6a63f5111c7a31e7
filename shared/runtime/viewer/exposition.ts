import type { Metric, Series } from './model.ts';
import { readSample, unescape, type Sample } from './sample-line.ts';

const parts = /_(bucket|sum|count|total|created)$/;

/**
 * Reads what a service answers at /metrics, in the older text format or in OpenMetrics.
 * Rules: https://prometheus.io/docs/instrumenting/exposition_formats/
 * @throws Error quoting a line that is neither sample nor comment
 */
export function readMetrics(text: string): Metric[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const types = comments(lines, 'TYPE');
  const helps = comments(lines, 'HELP');
  const samples = lines.filter((line) => !line.startsWith('#')).map(readSample);
  return [...Map.groupBy(samples, ({ name }) => familyOf(name, types))].map(([family, members]) => {
    const type = types.get(family) ?? 'untyped';
    // OpenMetrics declares a counter without `_total`.
    const name = type === 'counter' ? (members.find(isTotal)?.name ?? family) : family;
    return { name, type, help: unescape(helps.get(family) ?? ''), series: seriesOf(type, members) };
  });
}

function comments(lines: string[], word: string): Map<string, string> {
  const pattern = new RegExp(`^# ${word} (\\S+) (.*)$`);
  return new Map(
    lines.flatMap((line) => (pattern.test(line) ? [pattern.exec(line)!.slice(1) as [string, string]] : [])),
  );
}

function familyOf(name: string, types: Map<string, string>): string {
  if (types.has(name)) return name;
  const stem = name.replace(parts, '');
  return types.has(stem) ? stem : name;
}

function seriesOf(type: string, samples: Sample[]): Series[] {
  const ours = samples.filter(({ name }) => !name.endsWith('_created'));
  const groups = Map.groupBy(ours, ({ labels }) => JSON.stringify(Object.entries(plainLabels(type, labels)).sort()));
  return [...groups.values()].map((members) => {
    const labels = plainLabels(type, members[0]!.labels);
    if (!isDistribution(type)) return { labels, value: members[0]!.value };
    return { labels, count: valueOf(members, '_count') ?? 0, sum: valueOf(members, '_sum') ?? NaN };
  });
}

/** Without what tells the lines of one histogram or summary apart. */
function plainLabels(type: string, { le, quantile, ...labels }: Record<string, string>): Record<string, string> {
  return isDistribution(type) ? labels : { ...labels, ...(le && { le }), ...(quantile && { quantile }) };
}

function isDistribution(type: string): boolean {
  return type === 'histogram' || type === 'summary';
}

function isTotal({ name }: Sample): boolean {
  return name.endsWith('_total');
}

function valueOf(members: Sample[], suffix: string): number | undefined {
  return members.find(({ name }) => name.endsWith(suffix))?.value;
}
