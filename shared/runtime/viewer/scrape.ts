import { messageOf } from '../problem.ts';
import { readMetrics } from './metrics.ts';
import type { ScrapeTarget, ServiceMetrics } from './model.ts';

const patience = 2000;

/** The current metrics of each target. One that does not answer says so in its place. */
export function scrapeAll(targets: ScrapeTarget[]): Promise<ServiceMetrics[]> {
  return Promise.all(targets.map(scrape));
}

async function scrape({ service, url }: ScrapeTarget): Promise<ServiceMetrics> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(patience), redirect: 'error' });
    if (!response.ok) throw new Error(`${url} answers ${response.status}.`);
    return { service, url, metrics: readMetrics(await response.text()) };
  } catch (error) {
    // What fetch throws when nothing answers, or nothing answers in time.
    const silent = error instanceof TypeError || error instanceof DOMException;
    return { service, url, metrics: [], fault: silent ? `${url} does not answer.` : messageOf(error) };
  }
}
