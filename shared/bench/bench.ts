import { openLoadGenerator } from './load.ts';
import { measure, type Size, type Tools } from './measure.ts';
import type { Result } from './report.ts';
import { openSpanCounter } from './span-counter.ts';
import type { Variant } from './variants.ts';

/**
 * Measures variants in turn, round by round (A B C, A B C, …), so that what disturbs the machine disturbs all alike.
 * @param progress called with what is running
 * @throws Problem when a service does not start, fails a request or does not end cleanly
 */
export async function bench(
  variants: Variant[],
  rounds: number,
  size: Size,
  progress: (text: string) => void,
): Promise<Result[]> {
  const results: Result[] = variants.map((variant) => ({ variant, samples: [] }));
  const tools: Tools = { caches: new Map(), counter: await openSpanCounter(), load: openLoadGenerator() };
  try {
    for (let round = 1; round <= rounds; round++) {
      for (const { variant, samples } of results) {
        progress(`round ${round} of ${rounds}: ${variant.name}`);
        samples.push(await measure(variant, size, tools));
      }
    }
  } finally {
    tools.counter.close();
    tools.load.close();
  }
  return results;
}
