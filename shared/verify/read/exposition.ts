import type { Metric } from '../compare/metrics.ts';
import { metricsOf, type Sample } from './samples.ts';

const sampleLine = /^([a-zA-Z_:][\w:]*)(?:\{((?:"(?:\\.|[^"\\])*"|[^"}])*)\})?\s+(\S+)/;
const label = /([a-zA-Z_]\w*)="((?:\\.|[^"\\])*)"/g;

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

function readSample(line: string): Sample {
  const [, name, inner = '', value] = sampleLine.exec(line) ?? [];
  if (name === undefined) throw new Error(`This line of /metrics cannot be read: ${line.slice(0, 80)}`);
  const pairs = [...inner.matchAll(label)].map(([, key, quoted]) => [key, unescape(quoted!)]);
  return { name, labels: Object.fromEntries(pairs), value: Number(value) };
}

function unescape(text: string): string {
  return text.replace(/\\(.)/g, (_, character) => (character === 'n' ? '\n' : character));
}
