import { randomBytes } from 'node:crypto';
import { nativeControl } from '../../drill/control/native-control.ts';
import { requireRunning } from '../../runtime/commands/recorded.ts';
import { readComposeFile } from '../../runtime/compose/compose-file.ts';
import { Problem } from '../../runtime/problem.ts';
import { signalGroup, signalTree } from '../../runtime/run/processes.ts';
import { giveOrder } from '../../runtime/run/supervisor-orders.ts';
import { nativeStage } from '../../verify/stage/native-stage.ts';
import { linksOf } from './links.ts';
import { openRelay, type Relay } from './relay.ts';
import { callersLast } from './callers-last.ts';
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
  const relays: Relay[] = [];
  const relay = (from: string, to: string): Relay => {
    const found = relays.find((one) => one.from === from && one.to === to);
    if (!found) throw new Problem(`${from} sends nothing to ${to}.`);
    return found;
  };
  const restart = (service: string, environment: Record<string, string> = {}): Promise<void> =>
    giveOrder(requireRunning(name), { action: 'restart', service, environment });
  const redeploy = (service: string, environment: Record<string, string>): Promise<void> => {
    const relayed = links
      .filter(({ from }) => from === service)
      .map(({ variable, value, port, to }) => [variable, value.replace(`:${port}`, `:${relay(service, to).port}`)]);
    return restart(service, { ...session, ...Object.fromEntries(relayed), ...environment });
  };
  const inOrder = async (act: (service: string) => Promise<void>): Promise<void> => {
    for (const services of callersLast(own, links)) await Promise.all(services.map(act));
  };
  return {
    ...{ stage, control: nativeControl(name), relay, redeploy },
    prepare: async () => {
      for (const { from, to, port } of links)
        if (!relays.some((one) => one.from === from && one.to === to)) relays.push(await openRelay(from, to, port));
      await inOrder((service) => redeploy(service, {}));
    },
    freeze: async (service) => signal(name, service, 'SIGSTOP'),
    unfreeze: async (service) => signal(name, service, 'SIGCONT'),
    life: async (service) => recordOf(name, service)?.startedAs,
    restore: async () => {
      for (const service of requireRunning(name).services) signal(name, service.name, 'SIGCONT');
      await inOrder((service) => restart(service));
    },
    close: async () => void (await Promise.all(relays.map((one) => one.close()))),
  };
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
