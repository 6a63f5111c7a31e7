import { Problem } from '../../runtime/problem.ts';
import type { Link } from './links.ts';
import { openRelay, type Relay } from './relay.ts';

/** The relays of a stage: one for each pair of a caller and the service it calls. */
export interface Relays {
  /** Opens those that are not open yet. */
  open: () => Promise<void>;
  /** @throws Problem where there is none */
  find: (from: string, to: string) => Relay;
  /** The variables of a service that make it use its relays, with their values. */
  variablesOf: (service: string) => Record<string, string>;
  close: () => Promise<void>;
}

export function relaysFor(links: Link[]): Relays {
  const relays: Relay[] = [];
  const known = (from: string, to: string): Relay | undefined =>
    relays.find((one) => one.from === from && one.to === to);
  const find = (from: string, to: string): Relay => {
    const relay = known(from, to);
    if (!relay) throw new Problem(`${from} sends nothing to ${to}.`);
    return relay;
  };
  return {
    find,
    open: async () => {
      for (const { from, to, port } of links) if (!known(from, to)) relays.push(await openRelay(from, to, port));
    },
    variablesOf: (service) => {
      const own = links.filter(({ from }) => from === service);
      return Object.fromEntries(
        own.map(({ variable, value, port, to }) => [variable, value.replace(`:${port}`, `:${find(service, to).port}`)]),
      );
    },
    close: async () => void (await Promise.all(relays.map((one) => one.close()))),
  };
}
