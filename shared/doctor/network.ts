import { spawnSync } from 'node:child_process';
import { EnvHttpProxyAgent, fetch } from 'undici';
import { fine, notChecked, warning, type Finding } from './finding.ts';

/** Whether npm's registry, or the mirror that is set in its place, answers, and whether the clock agrees with it. */
export async function checkNetwork(registry = npmRegistry()): Promise<Finding[]> {
  const signal = AbortSignal.timeout(10_000);
  try {
    const { headers } = await fetch(registry, { method: 'HEAD', signal, dispatcher: new EnvHttpProxyAgent() });
    return [fine('Network', `${registry} answers`), clock(headers.get('date'), Date.now())];
  } catch {
    const remedy =
      'Behind a proxy, set HTTPS_PROXY. Without internet, load what another machine has saved: make load FILE=… ' +
      'Once packages and images are here, nothing needs the internet.';
    return [
      warning('Network', `${registry} does not answer`, remedy),
      notChecked('Clock', 'nothing to compare it with'),
    ];
  }
}

function npmRegistry(): string {
  return (
    spawnSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).stdout?.trim() ||
    'https://registry.npmjs.org/'
  );
}

/** Telemetry with a wrong time is outside what Grafana shows, and Loki and Prometheus refuse some of it. */
export function clock(date: string | null, now: number): Finding {
  if (!date) return notChecked('Clock', 'nothing to compare it with');
  const seconds = Math.round((now - Date.parse(date)) / 1000);
  if (Math.abs(seconds) <= 60) return fine('Clock', 'right');
  const found = `${Math.abs(seconds)} s ${seconds > 0 ? 'fast' : 'slow'}`;
  return warning('Clock', found, 'Synchronize the clock with the network. In WSL: sudo hwclock -s');
}
