import type { DeclaredMetric, ServiceContract } from '../contract/contract.ts';
import { allows, mustBeSeen, show } from '../contract/values.ts';
import { judged, neverSeen, undeclared, type Check, type Fault } from './check.ts';

/** A metric of one service, as it was seen. */
export interface Metric {
  /** As queries name it: with `_total` for a counter, without `_bucket` for a histogram. */
  name: string;
  type: string;
  series: Series[];
}

export interface Series {
  /** Without `le`, and without what Prometheus adds. */
  labels: Record<string, string>;
  /**
   * How often it counted; for a gauge, 1. Series that start at zero show only that a label value is possible.
   */
  count: number;
  /** Upper bounds of a histogram's buckets, without the infinite one. */
  bounds: number[];
}

/** Holds the metrics of a service against its contract, in both directions. */
export function compareMetrics(service: string, contract: ServiceContract, seen: Metric[], source: string): Check[] {
  const thing = (name: string) => ({ area: 'metrics' as const, subject: `${service} metric ${name}`, source });
  const declared = Object.entries(contract.metrics).map(([name, rule]) => {
    const metric = seen.find((candidate) => candidate.name === name);
    const advice = `Compare the metrics of ${service} with its part of telemetry.yaml.`;
    if (!metric || metric.series.length === 0) return neverSeen(thing(name), rule.optional, advice);
    return judged(thing(name), metricFaults(rule, metric), advice);
  });
  const others = seen.filter(({ name }) => !(name in contract.metrics));
  return [...declared, ...others.map(({ name }) => undeclared(thing(name)))];
}

function metricFaults(rule: DeclaredMetric, { type, series }: Metric): Fault[] {
  const names = new Set(series.flatMap(({ labels }) => Object.keys(labels)));
  const undeclaredLabels = [...names].filter((name) => !(name in rule.labels) && hasValue(series, name));
  return [
    ...(type === rule.type ? [] : [{ text: `is a ${type}, declared is a ${rule.type}` }]),
    ...undeclaredLabels.map((name) => ({ text: `has the undeclared label ${name}` })),
    ...Object.entries(rule.labels).flatMap(([name, values]) =>
      labelFaults(name, values, rule.some[name] ?? [], series),
    ),
    ...(rule.type === 'histogram' ? bucketFaults(rule.buckets ?? [], series) : []),
  ];
}

/** To Prometheus, a label with an empty value and one that is absent are the same. */
function hasValue(series: Series[], name: string): boolean {
  return series.some(({ labels }) => labels[name]);
}

function labelFaults(name: string, rule: string | string[], some: string | string[], series: Series[]): Fault[] {
  if (!hasValue(series, name)) return [{ text: `lacks the label ${name}` }];
  const valueOf = ({ labels }: Series): string => labels[name] ?? '';
  const wrong = series.map(valueOf).filter((value) => !allows(rule, value) && !allows(some, value));
  const counted = series.filter(({ count }) => count > 0).map(valueOf);
  const unseen = mustBeSeen(rule).filter((value) => !counted.includes(String(value)));
  return [
    ...wrong.map((value) => ({ text: `label ${name} had the undeclared value ${show(value)}` })),
    ...unseen.map((value) => ({ text: `label ${name} never had the value ${value || '""'}`, pending: true })),
  ];
}

function bucketFaults(declared: number[], series: Series[]): Fault[] {
  const expected = declared.join(', ');
  const seen = series.map(({ bounds }) => bounds.toSorted((a, b) => a - b).join(', '));
  return seen
    .filter((bounds) => bounds !== expected)
    .map((bounds) => ({ text: `has the buckets ${bounds || 'none'}; declared are ${expected || 'none'}` }));
}
