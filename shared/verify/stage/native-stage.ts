import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { requireRunning } from '../../runtime/commands/recorded.ts';
import { readComposeFile } from '../../runtime/compose/compose-file.ts';
import { repositoryRoot } from '../../runtime/places.ts';
import { Problem } from '../../runtime/problem.ts';
import { logDirectory, logFile } from '../../runtime/run/log-files.ts';
import type { ServiceState } from '../../runtime/run/state.ts';
import { usageFiles } from '../../runtime/usage/records.ts';
import { ownJobs, ownServices } from './own-services.ts';
import { runChild } from './run-child.ts';
import type { BackEnd, OwnService, RunningStage } from './running-stage.ts';
import { usageEnd } from './usage-end.ts';

const runtime = join(import.meta.dirname, '../../runtime/cli.ts');
const trafficPatience = 10 * 60_000;

/**
 * A stage that runs as processes of this machine, by its state file.
 * @param stage `stage-1`, or a path to a folder with a compose.yaml
 * @throws Problem when it does not run
 */
export function nativeStage(stage: string): RunningStage {
  const state = requireRunning(stage);
  const byName = new Map(state.services.map((service) => [service.name, service]));
  const compose = readComposeFile(state.directory);
  const usage = usageEnd(compose);
  const own = ownServices(compose).map((name) => ownService(byName.get(name), name));
  return {
    ...{ name: state.stage, directory: state.directory, how: 'native', services: own, jobs: ownJobs(compose) },
    ...(state.receiver && { receiver: state.receiver }),
    // `up` makes this folder anew, with the logs of this run only.
    since: statSync(logDirectory(state.stage)).birthtimeMs,
    backEnd: (name) => backEnd(name, byName.get(name)),
    logFile: (service) => logFile(state.stage, service),
    ...(usage && { readUsage: async () => usageFiles(usage.path).map((file) => readFileSync(file, 'utf8')) }),
    runTraffic: async (environment) => {
      const words = [runtime, 'traffic', stage];
      await runChild(process.execPath, words, { directory: repositoryRoot, environment, patience: trafficPatience });
    },
  };
}

function ownService(service: ServiceState | undefined, name: string): OwnService {
  if (service?.status === 'ready' && service.url) return { name, url: service.url };
  throw new Problem(`${name} is ${service?.status ?? 'not there'}, so it cannot be verified.`);
}

function backEnd(name: string, service: ServiceState | undefined): BackEnd {
  if (!service) return { missing: `${name} is not part of this stage` };
  if (service.status === 'missing') return { missing: `${name} is not on this machine` };
  if (service.status !== 'ready' || !service.url) return { missing: `${name} is ${service.status}` };
  return { url: service.url.startsWith('http') ? service.url : `http://${service.url}` };
}
