import { sep } from 'node:path';
import type { Command } from 'commander';
import { repositoryRoot, runDirectory } from './places.ts';
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
 * A message for a folder that cannot be written to, because it belongs to another user, say, or the disk is full: the one
 * that stages keep their state in, or the project's own, where Next.js builds.
 */
function unwritable({ code, path = '', message }: NodeJS.ErrnoException): string | undefined {
  if (!['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'ENOTDIR'].includes(code ?? '')) return;
  // One folder may contain the other: the inner one is meant.
  const [folder] = [runDirectory(), repositoryRoot]
    .filter((one) => path === one || path.startsWith(one + sep))
    .sort((one, other) => other.length - one.length);
  if (folder === undefined) return;
  return folder === repositoryRoot
    ? `This writes to ${folder}, which failed: ${message}\nMake room there, or work in a copy of it that belongs to you.`
    : `Stages keep their state in ${folder}, which failed: ${message}\nChoose another folder: export DICE_RUN_DIR=$HOME/.dice-run`;
}
