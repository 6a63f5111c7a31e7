import type { PlannedService } from '../plan/plan.ts';
import type { Runner } from './service-runner.ts';

/** The part of a runner that ordering needs. */
export type Ordered = Pick<Runner, 'spawned' | 'ready' | 'stop'>;

/**
 * Starts services as soon as their dependencies have reached the state that they ask for.
 * @param launch starts one; it may throw so that no more are started
 * @returns when all are ready; rejects as soon as one has failed
 */
export async function startInOrder(
  services: PlannedService[],
  launch: (planned: PlannedService) => Ordered,
): Promise<void> {
  const started = new Map<string, Promise<Ordered>>();
  const start = (name: string): Promise<Ordered> => {
    const known = started.get(name) ?? launchAfterDependencies(name);
    started.set(name, known);
    return known;
  };
  const launchAfterDependencies = async (name: string): Promise<Ordered> => {
    const planned = services.find((service) => service.name === name)!;
    await Promise.all(
      planned.dependsOn.map(async ({ service, condition }) => {
        const runner = await start(service);
        await (condition === 'service_started' ? runner.spawned : runner.ready);
      }),
    );
    return launch(planned);
  };
  await Promise.all(services.map(async ({ name }) => (await start(name)).ready));
}

/** Stops services, each one after those that depend on it. */
export async function stopInOrder(services: PlannedService[], runners: Map<string, Ordered>): Promise<void> {
  const stopped = new Map<string, Promise<void>>();
  const stop = (name: string): Promise<void> => {
    const known = stopped.get(name) ?? stopAfterDependents(name);
    stopped.set(name, known);
    return known;
  };
  const stopAfterDependents = async (name: string): Promise<void> => {
    const dependents = services.filter(({ dependsOn }) => dependsOn.some(({ service }) => service === name));
    await Promise.all(dependents.map((dependent) => stop(dependent.name)));
    await runners.get(name)?.stop();
  };
  await Promise.all(services.map(({ name }) => stop(name)));
}
