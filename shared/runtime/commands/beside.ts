import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { PortTable } from '../plan/addresses.ts';
import { planOne } from '../plan/make-plan.ts';
import { writeFiles } from '../run/prepare.ts';

/** The stage that a program of a compose profile runs next to: its folder, its ports, and what is missing. */
export interface Beside {
  directory: string;
  ports: PortTable;
  missing: string[];
}

/**
 * Runs a service of a compose profile in the foreground.
 * @returns its exit code
 */
export async function runBeside({ directory, ports, missing }: Beside, service: string): Promise<number> {
  const { planned, names } = planOne(directory, service, ports, missing);
  writeFiles(planned, names, ports);
  const [program = '', ...words] = planned.command;
  const child = spawn(program, words, { cwd: planned.directory, env: planned.environment, stdio: 'inherit' });
  // Ctrl-C reaches both; the script exits on its own, with its summary.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  const [code, signal] = await once(child, 'exit');
  return signal ? 1 : code;
}
