export const dieTypes = ['fair', 'risky'];

// A label takes only values known in advance: a client must not be able to create time series.
export function knownDie(dice: string[]): string {
  return dice.length === 1 && dieTypes.includes(dice[0]) ? dice[0] : 'unknown';
}
