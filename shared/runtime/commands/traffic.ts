import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { planOne } from '../plan/make-plan.ts';
import { writeFiles } from '../run/prepare.ts';
import { requireRunning } from './recorded.ts';

/**
 * Runs a service of a compose profile against the running stage, in the foreground. Its settings (NUM_USERS, SEED, …) come
 * from the environment, through compose.yaml.
 * @returns its exit code
 */
export async function traffic(stage: string, service: string): Promise<number> {
  const { directory, ports, services } = requireRunning(stage);
  const missing = services.filter(({ status }) => status === 'missing').map(({ name }) => name);
  const { planned, names } = planOne(directory, service, ports, missing);
  writeFiles(planned, names, ports);
  const [program = '', ...words] = planned.command;
  const child = spawn(program, words, { cwd: planned.directory, env: planned.environment, stdio: 'inherit' });
  // Ctrl-C reaches both; the script ends by itself, with its summary.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  const [code, signal] = await once(child, 'exit');
  return signal ? 1 : code;
}
