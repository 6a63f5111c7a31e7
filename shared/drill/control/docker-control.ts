import { runChild } from '../../verify/stage/run-child.ts';
import type { Control, Life } from './control.ts';

/** What `docker inspect` says of a container's state, as far as we read it. */
interface ContainerState {
  Status: string;
  Running: boolean;
  StartedAt: string;
  ExitCode: number;
  OOMKilled: boolean;
}

const units: Record<string, number> = { B: 2 ** -20, KiB: 2 ** -10, MiB: 1, GiB: 2 ** 10 };

/** Handles services of a stage that Docker Compose runs. */
export function dockerControl(directory: string): Control {
  const docker = (...words: string[]): Promise<string> => runChild('docker', words, { directory, patience: 60_000 });
  const container = async (service: string): Promise<string> =>
    (await docker('compose', 'ps', '--all', '--quiet', service)).trim().split('\n')[0]!;
  return {
    stop: async (service) => void (await docker('compose', 'stop', service)),
    // Compose would start what it depends on, too.
    start: async (service) => void (await docker('start', await container(service))),
    kill: async (service) => void (await docker('compose', 'kill', service)),
    pause: async (service) => void (await docker('compose', 'pause', service)),
    unpause: async (service) => void (await docker('compose', 'unpause', service)),
    look: async (service) => {
      const id = await container(service);
      return id ? lifeOf(await docker('inspect', '--format', '{{json .State}}', id)) : { running: false, id };
    },
    memory: async (service) => {
      const words = ['stats', '--no-stream', '--format', '{{.MemUsage}}', await container(service)];
      return readMemory(await docker(...words));
    },
    withoutPolicy: '`docker kill` counts as stopping by hand, which `unless-stopped` does not undo',
  };
}

function lifeOf(text: string): Life {
  const state: ContainerState = JSON.parse(text);
  if (state.Running) return { running: true, id: state.StartedAt };
  const why = state.OOMKilled ? ' because it ran out of memory' : '';
  return { running: false, id: state.StartedAt, ended: `ended with exit code ${state.ExitCode}${why}` };
}

/** `45.3MiB / 192MiB`: what it uses, in MiB. */
export function readMemory(text: string): number | undefined {
  const [, number, unit] = /^([\d.]+)([KMG]?i?B)/.exec(text.trim()) ?? [];
  const factor = units[unit ?? ''];
  return factor === undefined ? undefined : Number(number) * factor;
}
