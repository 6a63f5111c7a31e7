import { compareMetrics } from '../../verify/compare/metrics.ts';
import { readContract, type ServiceContract } from '../../verify/contract/contract.ts';
import { scrape } from '../../verify/read/metrics-readers.ts';
import type { RunningStage } from '../../verify/stage/running-stage.ts';
import { figure, judge, notChecked, type Finding } from '../step.ts';
import { wrongs } from './faults.ts';

/** The contract lists the methods of ordinary traffic; the label may take these too, and no others. */
const otherMethods = ['HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', '_OTHER'];

/** Compares every label at /metrics with what the contract declares. */
export async function labelFindings(stage: RunningStage, service: string): Promise<Finding[]> {
  const what = 'no new label value, and no new metric, at /metrics';
  const declared = readContract(stage.directory).services[service];
  const own = stage.services.find(({ name }) => name === service);
  if (!declared || !own) return [notChecked(what, `telemetry.yaml says nothing about ${service}`)];
  const metrics = await scrape(own).read();
  const checks = compareMetrics(service, withOtherMethods(declared), metrics, '/metrics');
  const faults = wrongs(checks);
  const series = metrics.reduce((sum, metric) => sum + metric.series.length, 0);
  return [
    judge(faults.length === 0, what, faults.slice(0, 3).join('; ') || `${metrics.length} metrics as declared`),
    figure('label sets at /metrics', String(series)),
  ];
}

function withOtherMethods({ metrics, ...rest }: ServiceContract): ServiceContract {
  const widened = Object.entries(metrics).map(([name, metric]) => {
    const { method } = metric.labels;
    const labels = method ? { ...metric.labels, method: [method, otherMethods].flat() } : metric.labels;
    return [name, { ...metric, labels }] as const;
  });
  return { ...rest, metrics: Object.fromEntries(widened) };
}
