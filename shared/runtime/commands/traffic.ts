import { runBeside } from './beside.ts';
import { requireRunning } from './recorded.ts';

/**
 * Runs a service of a compose profile against the running stage, in the foreground. Its settings (NUM_USERS, SEED, …) come
 * from the environment, through compose.yaml.
 * @returns its exit code
 */
export async function traffic(stage: string, service: string): Promise<number> {
  const { directory, ports, services } = requireRunning(stage);
  const missing = services.filter(({ status }) => status === 'missing').map(({ name }) => name);
  return runBeside({ directory, ports, missing }, service);
}
