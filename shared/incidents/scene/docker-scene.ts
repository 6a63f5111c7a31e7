import { dockerControl } from '../../drill/control/docker-control.ts';
import { Problem } from '../../runtime/problem.ts';
import type { RunningStage } from '../../verify/stage/running-stage.ts';
import { openClient } from './client-process.ts';
import type { Scene } from './scene.ts';

function nativeOnly(): never {
  throw new Problem('This needs RUNTIME=native.');
}

/** A stage that Docker Compose runs. There is nothing between its services, and they run as compose.yaml says. */
export function dockerScene(stage: RunningStage): Scene {
  const control = dockerControl(stage.directory);
  const client = openClient();
  const frozen = new Set<string>();
  const unfreeze = async (service: string): Promise<void> => {
    frozen.delete(service);
    // It says no if the container is not paused: somebody else resumed it.
    await control.unpause(service).catch(() => undefined);
  };
  return {
    ...{ stage, control, client, unfreeze, relay: nativeOnly, redeploy: async () => nativeOnly() },
    prepare: async () => undefined,
    freeze: (service) => (frozen.add(service), control.pause(service)),
    life: async (service) => (await control.look(service)).id,
    restore: async () => {
      // If our process crashed, we do not know which ones.
      const all = frozen.size > 0 ? frozen : [...stage.services.map(({ name }) => name), 'postgres'];
      for (const service of all) await unfreeze(service);
    },
    close: async () => client.close(),
  };
}
