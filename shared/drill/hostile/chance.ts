import seedrandom from 'seedrandom';

/** Repeatable chance: the same seed gives the same choices. */
export interface Chance {
  /** A whole number from 0 to `limit - 1`. */
  below: (limit: number) => number;
  pick: <T>(choices: readonly T[]) => T;
  bytes: (length: number) => Buffer;
  /** Hexadecimal digits. */
  hex: (length: number) => string;
}

export function openChance(seed: string): Chance {
  const random = seedrandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const bytes = (length: number): Buffer => {
    const words = new Int32Array(Math.ceil(length / 4)).map(() => random.int32());
    return Buffer.from(words.buffer, 0, length);
  };
  return {
    below,
    pick: (choices) => choices[below(choices.length)]!,
    bytes,
    hex: (length) =>
      bytes(Math.ceil(length / 2))
        .toString('hex')
        .slice(0, length),
  };
}
