import type { ComposeFile } from '../../runtime/compose/compose-file.ts';
import { rewriteAddresses, type PortTable } from '../../runtime/plan/addresses.ts';
import { hostNames } from '../../runtime/plan/port-table.ts';

/** A variable of a service that has the address of another one. */
export interface Link {
  from: string;
  to: string;
  variable: string;
  /** The variable's value on this machine. */
  value: string;
  /** The port in it. */
  port: number;
}

/**
 * Which variables of a stage's services lead to another service of it, natively.
 * @param services those whose variables count
 * @param ports those of the running stage
 */
export function linksOf(file: ComposeFile, services: string[], ports: PortTable): Link[] {
  const names = hostNames(file.services);
  return file.services
    .filter(({ name }) => services.includes(name))
    .flatMap(({ name: from, environment }) =>
      Object.entries(environment).flatMap(([variable, text]) => {
        const value = rewriteAddresses(text, from, names, ports);
        const port = Number(/(?:\/|@)127\.0\.0\.1:(\d+)/.exec(value)?.[1]);
        const to = Object.keys(ports).find((name) => name !== from && Object.values(ports[name]!).includes(port));
        return to === undefined ? [] : [{ from, to, variable, value, port }];
      }),
    );
}
