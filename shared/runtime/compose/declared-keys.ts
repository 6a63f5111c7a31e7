import { Problem } from '../problem.ts';

/** Every Compose key that this runtime knows. Some mean nothing without containers and are ignored on purpose. */
const declared = {
  file: ['name', 'services', 'volumes'],
  service: [
    ...['build', 'image', 'container_name', 'command', 'environment', 'ports', 'volumes', 'depends_on'],
    ...['healthcheck', 'logging', 'restart', 'profiles', 'stop_grace_period'],
    // For `docker compose watch`; here, `dev` watches all of a stage.
    'develop',
    // These confine a container; a local process has no such limits.
    ...['cap_add', 'cap_drop', 'cpus', 'dns', 'expose', 'init', 'labels', 'mem_limit', 'pids_limit', 'pull_policy'],
    ...['read_only', 'security_opt', 'shm_size', 'tmpfs', 'user'],
  ],
  build: ['context', 'dockerfile'],
  healthcheck: ['test', 'interval', 'timeout', 'retries', 'start_period', 'start_interval', 'disable'],
  logging: ['driver', 'options'],
  volume: ['type', 'source', 'target', 'read_only'],
  dependency: ['condition', 'restart', 'required'],
} as const;

/**
 * Refuses a key that the runtime would silently ignore.
 * @param where the service, or part of the file, that holds the keys
 * @throws Problem naming the place, the key, and what to do
 */
export function refuseUndeclared(kind: keyof typeof declared, where: string, value: unknown): void {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new Problem(`compose.yaml, ${where}: expected keys and values, found ${JSON.stringify(value)}.`);
  }
  const known: readonly string[] = declared[kind];
  for (const key of Object.keys(value)) {
    if (known.includes(key) || key.startsWith('x-')) continue;
    throw new Problem(
      `compose.yaml, ${where}: the native runtime does not know the key "${key}". ` +
        'Take it out, run the stage with Docker, or teach shared/runtime/compose/declared-keys.ts and its reader.',
    );
  }
}
