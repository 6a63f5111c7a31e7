import { familiesOf, readFamilies } from '../../runtime/exposition/families.ts';
import type { Metric } from '../compare/metrics.ts';
import type { OwnService } from '../stage/running-stage.ts';
import { ask, askJson } from './ask.ts';
import type { Reader } from './reader.ts';
import { metricOf } from './samples.ts';

/** OpenMetrics, for its exemplars, and else the text format, which some programs speak only. */
const accept = 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5';

/** A service's own answer. */
export function scrape({ url }: OwnService): Reader<Metric[]> {
  return {
    name: '/metrics',
    patience: 2000,
    read: async () => readFamilies(await (await ask(`${url}/metrics`, { headers: { accept } })).text()).map(metricOf),
  };
}

/**
 * What Prometheus has of a service: the job of its name.
 * @param since milliseconds since 1970; a series that has ended stays for five minutes otherwise
 */
export function prometheus(url: string, service: string, since: number): Reader<Metric[]> {
  return {
    name: 'Prometheus',
    // Three scrapes.
    patience: 16_000,
    read: async () => {
      const age = Math.max(5, Math.min(60, Math.floor((Date.now() - since) / 1000)));
      const query = `last_over_time({job="${service}"}[${age}s])`;
      const { data } = await askJson(`${url}/api/v1/query`, { query });
      return familiesOf(data.result.flatMap(sampleOf), await metricTypes(url, service)).map(metricOf);
    },
  };
}

async function metricTypes(url: string, service: string): Promise<Map<string, string>> {
  const { data } = await askJson(`${url}/api/v1/targets/metadata`, { match_target: `{job="${service}"}` });
  return new Map(data.map(({ metric, type }: Record<string, string>) => [metric, type]));
}

/** Without what Prometheus adds: the labels of the target, and its own metrics of the scrape. */
function sampleOf({ metric, value }: { metric: Record<string, string>; value: [number, string] }) {
  const { __name__: name = '', job: _job, instance: _instance, ...labels } = metric;
  if (name === 'up' || name.startsWith('scrape_')) return [];
  return [{ name, labels, value: Number(value[1]) }];
}
