import type { Command } from 'commander';
import { runDirectory } from './places.ts';
import { Problem } from './problem.ts';

/**
 * Runs a command line. An error that the reader can fix is printed without a stack.
 * @param exitCode the exit code for such an error
 */
export async function runProgram(program: Command, exitCode = 1): Promise<void> {
  // The reader of our output may stop early (`| head`).
  process.stdout.on('error', () => process.exit(0));

  try {
    await program.parseAsync();
  } catch (error) {
    const text = error instanceof Problem ? error.message : unwritable(error as NodeJS.ErrnoException);
    if (text === undefined) throw error;
    console.error(text);
    process.exitCode = exitCode;
  }
}

/**
 * A message for a fault of the folder that stages keep their state in: it belongs to another user, say, or the disk is
 * full.
 */
function unwritable({ code, path, message }: NodeJS.ErrnoException): string | undefined {
  const folder = runDirectory();
  if (!['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'ENOTDIR'].includes(code ?? '') || !path?.startsWith(folder)) return;
  return `Stages keep their state in ${folder}, which failed: ${message}\nChoose another folder: export DICE_RUN_DIR=$HOME/.dice-run`;
}
