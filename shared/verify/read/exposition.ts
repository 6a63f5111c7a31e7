import type { Metric } from '../compare/metrics.ts';
import { readSample } from '../../runtime/viewer/sample-line.ts';
import { metricsOf } from './samples.ts';

/**
 * Reads what a service answers at /metrics, in the older text format or in OpenMetrics; exemplars are passed over.
 * Rules: https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md
 * @throws Error quoting a line that is neither sample nor comment
 */
export function readExposition(text: string): Metric[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const types = lines.flatMap((line) => {
    const [, name, type] = /^# TYPE (\S+) (\S+)/.exec(line) ?? [];
    return name && type ? [[name, type] as const] : [];
  });
  const samples = lines.filter((line) => !line.startsWith('#')).map(readSample);
  return metricsOf(samples, new Map(types));
}
