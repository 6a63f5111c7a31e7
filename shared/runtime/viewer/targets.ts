import { readFileSync, statSync } from 'node:fs';
import { parse } from 'yaml';
import type { ComposeService } from '../compose/service.ts';
import { backEndOf } from '../plan/back-ends.ts';
import { placeMounts } from '../plan/mounts.ts';
import type { Plan } from '../plan/plan.ts';
import type { ScrapeTarget } from './model.ts';

type Job = { metrics_path?: string; static_configs?: { targets?: string[] }[] };

/**
 * What Prometheus's configuration in a stage tells it to read, of the services that run. Prometheus itself may be missing;
 * each target becomes an address of this machine, and nothing else is ever asked.
 */
export function scrapeTargets(
  services: ComposeService[],
  {
    stage,
    directory,
    services: running,
    names,
    ports,
  }: Pick<Plan, 'stage' | 'directory' | 'services' | 'names' | 'ports'>,
): ScrapeTarget[] {
  const prometheus = services.filter(({ image }) => backEndOf(image)?.image === 'prom/prometheus');
  const files = prometheus
    .flatMap((service) => placeMounts(service, stage, directory))
    .flatMap(({ copyOf }) => copyOf ?? []);
  return files.flatMap(jobsOf).flatMap(({ metrics_path = '/metrics', static_configs = [] }) => {
    const targets = static_configs.flatMap(({ targets = [] }) => targets);
    return targets.flatMap((target) => {
      const [host = '', port = ''] = target.split(':');
      const service = running.find(({ name }) => name === names[host]);
      const native = service && ports[service.name]?.[Number(port)];
      return native ? [{ service: service.name, url: `http://127.0.0.1:${native}${metrics_path}` }] : [];
    });
  });
}

function jobsOf(file: string): Job[] {
  if (!statSync(file).isFile() || !/\.ya?ml$/.test(file)) return [];
  return parse(readFileSync(file, 'utf8'))?.scrape_configs ?? [];
}
