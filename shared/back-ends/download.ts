import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { open as openFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '../runtime/problem.ts';
import { patience } from './patience.ts';
import { PassingFault, type Answer } from './web.ts';

/** Called with the number of bytes received so far, and the whole size where it is known. */
export type OnProgress = (received: number, total: number | undefined) => void;

/**
 * Downloads a file, continuing where an earlier attempt broke off; that part is kept in `<file>.part`.
 * @param open asks for the bytes from an offset on
 * @throws Problem when several tries in a row bring no further byte, or the disk is full
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
 * Retries, with longer and longer pauses, what failed for a reason that may pass.
 * @param progress a number that grows when a try got further; then the count starts again
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
