import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { open as openFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '../runtime/problem.ts';
import { patience } from './patience.ts';
import { PassingFault, type Answer } from './web.ts';

/** Called with the bytes that are there, and the size of the whole where it is known. */
export type OnProgress = (received: number, total: number | undefined) => void;

/**
 * Downloads a file, going on where an earlier attempt broke off; that part is kept in `<file>.part`.
 * @param open asks for the bytes from some place on
 * @throws Problem when tries fail one after another without a byte more, or the disk is full
 */
export async function download(
  open: (from: number) => Promise<Answer>,
  file: string,
  signal: AbortSignal,
  onProgress: OnProgress = () => {},
): Promise<void> {
  const part = `${file}.part`;
  mkdirSync(dirname(file), { recursive: true });
  await retrying(
    () => append(open, part, signal, onProgress),
    signal,
    () => sizeOf(part),
  );
  renameSync(part, file);
}

/**
 * Tries again, after longer and longer pauses, what failed for a reason that may pass.
 * @param progress a number that grows when a try got further; then the count begins anew
 */
export async function retrying<T>(attempt: () => Promise<T>, signal: AbortSignal, progress = () => 0): Promise<T> {
  for (let failed = 0, reached = progress(); ;) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof PassingFault)) throw error;
      failed = progress() > reached ? 1 : failed + 1;
      reached = progress();
      if (failed === patience.tries) throw new Problem(error.message, { cause: error });
      await sleep(patience.pause * 2 ** (failed - 1), undefined, { signal });
    }
  }
}

async function append(
  open: (from: number) => Promise<Answer>,
  part: string,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<void> {
  const { body, start, total } = await open(sizeOf(part));
  let received = start;
  await using file = await openFile(part, start > 0 ? 'a' : 'w');
  for await (const chunk of body) {
    signal.throwIfAborted();
    await file.appendFile(chunk);
    onProgress((received += chunk.length), total);
  }
  if (total !== undefined && received < total) throw new PassingFault(`The connection broke at ${received} bytes.`);
}

function sizeOf(file: string): number {
  return existsSync(file) ? statSync(file).size : 0;
}
