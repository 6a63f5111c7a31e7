import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { messageOf, Problem } from '../../runtime/problem.ts';

const execute = promisify(execFile);

/** Where and how long a program runs. Its environment is this one's, with `environment` over it. */
export interface Run {
  directory: string;
  environment?: Record<string, string>;
  /** Milliseconds after which it is ended. */
  patience: number;
}

/**
 * Runs a program to its end.
 * @returns what it printed on standard output
 * @throws Problem with the last lines that it printed, if it failed
 */
export async function runChild(program: string, words: string[], run: Run): Promise<string> {
  const options = { cwd: run.directory, env: { ...process.env, ...run.environment }, timeout: run.patience };
  try {
    const { stdout } = await execute(program, words, { ...options, maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  } catch (error) {
    const { stdout = '', stderr = '', killed } = error as { stdout?: string; stderr?: string; killed?: boolean };
    const printed = `${stdout}\n${stderr}`.trim().split('\n').slice(-5).join('\n');
    const why = killed ? `took longer than ${run.patience / 1000} s` : printed || messageOf(error);
    throw new Problem(`${program} ${words.join(' ')}: ${why}`);
  }
}
