import type { DeclaredMetric, ServiceContract } from '../contract/contract.ts';
import { allows, mustBeSeen } from '../contract/values.ts';
import { judged, neverSeen, undeclared, type Check, type Place } from './check.ts';
import { fault, pending, type Fault } from './fault.ts';

/** A metric of one service, as it was seen. */
export interface Metric {
  /** As queries name it: with `_total` for a counter, without `_bucket` for a histogram. */
  name: string;
  type: string;
  /** If the exposition says it. */
  unit?: string;
  series: Series[];
  /** The trace ids of its exemplars, where they were asked for. */
  exemplars: string[];
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

/** Compares the metrics of a service with its contract, in both directions. */
export function compareMetrics(service: string, contract: ServiceContract, seen: Metric[], source: string): Check[] {
  const thing = (name: string): Place => ({
    ...{ area: 'metrics', service, name, subject: `${service} metric ${name}`, source },
  });
  const declared = Object.entries(contract.metrics).map(([name, rule]) => {
    const metric = seen.find((candidate) => candidate.name === name);
    const advice = `Compare the metrics of ${service} with its part of telemetry.yaml.`;
    if (!metric || metric.series.length === 0) return neverSeen(thing(name), rule, advice);
    return judged(thing(name), metricFaults(demandedValues(rule, source), metric), advice);
  });
  const others = seen.filter(({ name }) => !(name in contract.metrics));
  return [...declared, ...others.map(({ name }) => undeclared(thing(name)))];
}

/** Only what the service itself said is remembered when it is restarted; Prometheus may have missed it. */
function demandedValues(rule: DeclaredMetric, source: string): DeclaredMetric {
  if (!rule.demanded || source !== '/metrics') return rule;
  const labels = Object.entries(rule.labels).map(([name, values]) => {
    const further = mustBeSeen(rule.some[name] ?? []).map(String);
    return [name, further.length > 0 ? [values, further].flat() : values] as const;
  });
  return { ...rule, labels: Object.fromEntries(labels) };
}

function metricFaults(rule: DeclaredMetric, { type, unit, series }: Metric): Fault[] {
  const names = new Set(series.flatMap(({ labels }) => Object.keys(labels)));
  const undeclaredLabels = [...names].filter((name) => !(name in rule.labels) && hasValue(series, name));
  return [
    ...(type === rule.type ? [] : [fault('wrong-type', { seen: type, declared: rule.type })]),
    ...(unit === undefined || unit === rule.unit
      ? []
      : [fault('wrong-unit', { seen: unit, declared: rule.unit ?? 'none' })]),
    ...undeclaredLabels.map((label) => fault('undeclared-label', { label })),
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
  if (!hasValue(series, name)) return [fault('missing-label', { label: name })];
  const valueOf = ({ labels }: Series): string => labels[name] ?? '';
  const wrong = series.map(valueOf).filter((value) => !allows(rule, value) && !allows(some, value));
  const counted = series.filter(({ count }) => count > 0).map(valueOf);
  const unseen = mustBeSeen(rule).filter((value) => !counted.includes(String(value)));
  return [
    ...wrong.map((value) => fault('undeclared-label-value', { label: name, value })),
    ...unseen.map((value) => pending('unseen-label-value', { label: name, value: String(value) })),
  ];
}

function bucketFaults(declared: number[], series: Series[]): Fault[] {
  const seen = series.map(({ bounds }) => bounds.toSorted((a, b) => a - b));
  return seen
    .filter((bounds) => bounds.join() !== declared.join())
    .map((bounds) => fault('wrong-buckets', { seen: bounds, declared }));
}
