import { ask, askJson, jsonOf } from '../read/ask.ts';
import type { Target } from './dashboard.ts';
import type { Window } from './window.ts';

/** Asks one query of a back end. @returns whether it has anything to show. @throws Refusal with the back end's message */
export type AskQuery = (url: string, target: Target, window: Window) => Promise<boolean>;

type Sample = [time: number, value: string];

/** How each type of data source is asked by itself, without Grafana. */
export const askBackEnd: Record<string, AskQuery> = { prometheus: askPrometheus, loki: askLoki, tempo: askTempo };

/** https://prometheus.io/docs/prometheus/latest/querying/api/ */
async function askPrometheus(url: string, target: Target, { from, to, step }: Window): Promise<boolean> {
  const [path, times] = target.instant
    ? ['query', { time: to / 1000 }]
    : ['query_range', { start: from / 1000, end: to / 1000, step: step / 1000 }];
  const body = new URLSearchParams({ query: target.expr });
  for (const [name, value] of Object.entries(times)) body.set(name, String(value));
  const { data } = await jsonOf(await ask(`${url}/api/v1/${path}`, { method: 'POST', body }));
  return hasSamples(data);
}

/** https://grafana.com/docs/loki/latest/reference/loki-http-api/ */
async function askLoki(url: string, target: Target, { from, to, step }: Window): Promise<boolean> {
  const instant = target.queryType === 'instant' || target.instant;
  const { data } = instant
    ? await askJson(`${url}/loki/api/v1/query`, { query: target.expr, time: `${to}000000` })
    : await askJson(`${url}/loki/api/v1/query_range`, {
        ...{ query: target.expr, start: `${from}000000`, end: `${to}000000`, step: step / 1000 },
        limit: target.maxLines ?? 1000,
      });
  return data.resultType === 'streams' ? data.result.length > 0 : hasSamples(data);
}

/** https://grafana.com/docs/tempo/latest/api_docs/ */
async function askTempo(url: string, target: Target, { from, to, step }: Window): Promise<boolean> {
  const times = { q: target.query, start: Math.floor(from / 1000), end: Math.ceil(to / 1000) };
  if (!isTraceMetric(target.query)) {
    const { traces = [] } = await askJson(`${url}/api/search`, { ...times, limit: target.limit ?? 20 });
    return traces.length > 0;
  }
  const instant = target.metricsQueryType === 'instant';
  const { series = [] } = instant
    ? await askJson(`${url}/api/metrics/query`, times)
    : await askJson(`${url}/api/metrics/query_range`, { ...times, step: `${step / 1000}s` });
  // Tempo leaves the value out where it is zero.
  const samples = series.flatMap((one: Record<string, any>) => (instant ? [one] : (one.samples ?? [])));
  return samples.some(({ value }: { value?: number }) => value !== undefined);
}

/** Whether a TraceQL query makes metrics of spans: Grafana's own test of it. */
export function isTraceMetric(query: string): boolean {
  return /\|\s*(rate|(count|avg|sum|max|min|quantile|histogram)_over_time|compare)\s*\(/.test(query);
}

/** Whether there is a number at all: NaN, the quotient of two zeros, is nothing that a panel could show. */
function hasSamples({ result }: { result: { value?: Sample; values?: Sample[] }[] }): boolean {
  return result.some(({ value, values = [] }) => [...values, ...(value ? [value] : [])].some(isNumber));
}

function isNumber([, value]: Sample): boolean {
  return value !== 'NaN';
}
