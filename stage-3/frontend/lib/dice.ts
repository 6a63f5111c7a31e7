import { startAtZero } from './metrics.ts';

// Next.js bundles each route separately. Without this, each would know only the dice that it has fetched itself.
const shared = globalThis as { confirmedDice?: Set<string> };
const confirmed = (shared.confirmedDice ??= new Set());

export function confirmDie(die: string): void {
  if (!confirmed.has(die)) startAtZero(die);
  confirmed.add(die);
}

// A label takes only values known in advance: a client must not be able to create time series.
export function knownDie(dice: string[]): string {
  return dice.length === 1 && confirmed.has(dice[0]) ? dice[0] : 'unknown';
}
