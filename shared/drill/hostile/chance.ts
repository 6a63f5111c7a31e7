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
  const series = (length: number, limit: number): number[] => Array.from({ length }, () => below(limit));
  return {
    below,
    pick: (choices) => choices[below(choices.length)]!,
    bytes: (length) => Buffer.from(series(length, 256)),
    hex: (length) =>
      series(length, 16)
        .map((digit) => digit.toString(16))
        .join(''),
  };
}
