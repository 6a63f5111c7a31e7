import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Problem } from '../runtime/problem.ts';
import type { Load, LoadResult } from './load-process.ts';

export interface LoadGenerator {
  /** @throws Problem unless every request was answered with 200 */
  run: (load: Load) => Promise<LoadResult>;
  close: () => void;
}

/** Starts the load generator; one for all variants, so that it is equally warm for each. */
export function openLoadGenerator(): LoadGenerator {
  const child = fork(new URL('load-process.ts', import.meta.url));
  const ended = once(child, 'exit').then(() => {
    throw new Problem('The load generator exited.');
  });
  ended.catch(() => undefined);
  return {
    run: async (load) => {
      child.send(load);
      const [result]: LoadResult[] = await Promise.race([once(child, 'message'), ended]);
      const { failed } = result!;
      if (failed > 0) throw new Problem(`${failed} of ${load.requests} requests to ${load.url} failed.`);
      return result!;
    },
    close: () => child.disconnect(),
  };
}
