import type { Command } from 'commander';
import { Problem } from './problem.ts';

/**
 * Runs a command line. A fault that the reader can mend is printed without a stack.
 * @param exitCode what such a fault ends with
 */
export async function runProgram(program: Command, exitCode = 1): Promise<void> {
  // Whoever reads our output may stop early (`| head`).
  process.stdout.on('error', () => process.exit(0));

  try {
    await program.parseAsync();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    console.error(error.message);
    process.exitCode = exitCode;
  }
}
