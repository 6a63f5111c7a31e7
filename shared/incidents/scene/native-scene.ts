import { randomBytes } from 'node:crypto';
import { nativeControl } from '../../drill/control/native-control.ts';
import { requireRunning } from '../../runtime/commands/recorded.ts';
import { readComposeFile } from '../../runtime/compose/compose-file.ts';
import { signalGroup, signalTree } from '../../runtime/run/processes.ts';
import { giveOrder } from '../../runtime/run/supervisor-orders.ts';
import { nativeStage } from '../../verify/stage/native-stage.ts';
import { callersLast } from './callers-last.ts';
import { openClient } from './client-process.ts';
import { linksOf } from './links.ts';
import { relaysFor } from './relays.ts';
import type { Scene } from './scene.ts';

/** Sessions of the front end outlive a restart if their secret does. */
const session = { SESSION_SECRET: randomBytes(32).toString('base64') };

/**
 * A stage that runs as processes of this machine.
 * @param name `stage-3`, or a path to a folder with a compose.yaml
 * @throws Problem when it is not running, or one of its services is not
 */
export function nativeScene(name: string): Scene {
  const stage = nativeStage(name);
  const own = stage.services.map((service) => service.name);
  const links = linksOf(readComposeFile(stage.directory), own, requireRunning(name).ports);
  const [relays, client] = [relaysFor(links), openClient()];
  const restart = (service: string, environment: Record<string, string> = {}): Promise<void> =>
    giveOrder(requireRunning(name), { action: 'restart', service, environment });
  const restartAll = async (variablesOf: typeof relays.variablesOf): Promise<void> => {
    for (const services of callersLast(own, links))
      await Promise.all(services.map((service) => restart(service, variablesOf(service))));
  };
  const relayed = (service: string) => ({ ...session, ...relays.variablesOf(service) });
  return {
    ...{ stage, control: nativeControl(name), client, relay: relays.find },
    prepare: () => relays.open().then(() => restartAll(relayed)),
    redeploy: (service, environment) => restart(service, { ...relayed(service), ...environment }),
    freeze: async (service) => signal(name, service, 'SIGSTOP'),
    unfreeze: async (service) => signal(name, service, 'SIGCONT'),
    life: async (service) => recordOf(name, service)?.startedAs,
    restore: () => startStopped(name).then(() => restartAll(() => ({}))),
    close: () => relays.close().then(client.close),
  };
}

/** Lets all services of a stage go on that are frozen, and starts those that are down. */
export async function startStopped(stage: string): Promise<void> {
  const state = requireRunning(stage);
  for (const { name, status } of state.services) {
    signal(stage, name, 'SIGCONT');
    if (status === 'paused') await giveOrder(state, { action: 'unpause', service: name });
    if (status === 'stopped' || status === 'crashed') await giveOrder(state, { action: 'start', service: name });
  }
}

function recordOf(stage: string, service: string) {
  return requireRunning(stage).services.find((one) => one.name === service)?.process;
}

function signal(stage: string, service: string, name: 'SIGSTOP' | 'SIGCONT'): void {
  const record = recordOf(stage, service);
  if (!record) return;
  signalGroup(record, name);
  // PostgreSQL gives each of its processes its own group.
  if (service === 'postgres') signalTree(record, name);
}
