import type { Plan } from '../plan/plan.ts';
import { startInOrder, stopInOrder } from './dependency-order.ts';
import type { OrderedStage } from './one-service.ts';
import { writeFiles } from './prepare.ts';

/** Services to restart according to a newer plan; all others keep running. */
export interface Replacement {
  plan: Plan;
  services: string[];
}

/**
 * Stops services and starts them as the newer plan says, in the order of their dependencies on each other.
 * @throws Error with the last lines of one that does not become ready
 */
export async function replaceServices({ plan: next, services }: Replacement, stage: OrderedStage): Promise<void> {
  const { plan, state, runners, launch } = stage;
  const replaced = next.services.filter(({ name }) => services.includes(name));
  await stopInOrder(replaced, runners);
  // The receiver's page uses this list.
  plan.targets.splice(0, plan.targets.length, ...next.targets);
  Object.assign(plan, { ...next, targets: plan.targets });
  Object.assign(state, { ports: next.ports, notes: next.notes, ...(next.page && { page: next.page }) });
  for (const service of replaced) {
    const { name, url, stopGrace, fingerprint } = service;
    const entry = state.services.find((known) => known.name === name);
    Object.assign(entry!, { stopGrace, fingerprint, ...(url && { url }) });
    writeFiles(service, next.names, next.ports);
  }
  const among = replaced.map((service) => ({
    ...service,
    dependsOn: service.dependsOn.filter((dependency) => services.includes(dependency.service)),
  }));
  await startInOrder(among, launch);
}
