/** The middle and the spread of a figure's values over the rounds. */
export interface Summary {
  median: number;
  /** Half the distance between the quartiles, in the figure's own unit. */
  spread: number;
}

/**
 * The value below which a share of the values lies, linearly interpolated between neighbours.
 * Definition 7 of Hyndman & Fan, "Sample Quantiles in Statistical Packages", The American Statistician 50 (1996).
 * @param share from 0 to 1
 * @throws RangeError for no values, or a share outside its range
 */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0 || !(share >= 0 && share <= 1)) {
    throw new RangeError(`There is no quantile ${share} of ${values.length} values`);
  }
  const sorted = values.toSorted((a, b) => a - b);
  const position = (sorted.length - 1) * share;
  const lower = sorted[Math.floor(position)]!;
  return lower + (sorted[Math.ceil(position)]! - lower) * (position % 1);
}

/**
 * Median and half the distance between the quartiles, which one disturbed round hardly moves.
 * @throws RangeError for no values
 */
export function summarize(values: readonly number[]): Summary {
  return { median: quantile(values, 0.5), spread: (quantile(values, 0.75) - quantile(values, 0.25)) / 2 };
}
