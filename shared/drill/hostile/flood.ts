import { hostileRequest } from './requests.ts';
import { sendBytes, type Reply } from './send.ts';

const atOnce = 50;

/**
 * Sends a range of the hostile requests of a seed, some at once.
 * @returns the outcome of each
 */
export async function flood(
  url: string,
  seed: string,
  range: { from: number; to: number },
  signal: AbortSignal,
): Promise<Reply[]> {
  const address = new URL(url);
  const replies: Reply[] = [];
  let next = range.from;
  const work = async (): Promise<void> => {
    while (next < range.to) {
      signal.throwIfAborted();
      replies.push(await sendBytes(address, hostileRequest(seed, next++)));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return replies;
}
