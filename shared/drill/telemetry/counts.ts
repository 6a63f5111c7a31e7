import type { Metric } from '../../verify/compare/metrics.ts';
import { prometheus, scrape } from '../../verify/read/metrics-readers.ts';
import type { OwnService, RunningStage } from '../../verify/stage/running-stage.ts';

/** How many requests a service says that it answered. */
export async function countRequests(service: OwnService): Promise<number> {
  return total(await scrape(service).read());
}

/** The same as Prometheus last scraped it, or why it cannot be asked. */
export function countsInPrometheus(
  stage: RunningStage,
  service: string,
): { total: () => Promise<number> } | { missing: string } {
  const backEnd = stage.backEnd('prometheus');
  if ('missing' in backEnd) return backEnd;
  // Only what was scraped of this life: the reader looks back as far as this says, at least one scrape.
  const reader = prometheus(backEnd.url, service, Date.now());
  return {
    total: async () => {
      const metrics = await reader.read();
      return metrics.some(({ name }) => name === counter) ? total(metrics) : Infinity;
    },
  };
}

const counter = 'http_requests_total';

function total(metrics: Metric[]): number {
  const series = metrics.find(({ name }) => name === counter)?.series ?? [];
  return series.reduce((sum, { count }) => sum + count, 0);
}
