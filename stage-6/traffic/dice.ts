import { url } from './config.ts';

// Also shows whether die-service can be reached.
export async function listDice(): Promise<string[]> {
  const address = url('DIE_SERVICE_URL', 'http://127.0.0.1:8001');
  const answer = await fetch(`${address}/dice`).catch(() => undefined);

  if (!answer?.ok) {
    throw new Error(`die-service does not answer at ${address}: start the stage first, or set DIE_SERVICE_URL`);
  }

  const { identifiers } = await answer.json();
  return identifiers;
}

export function pickDie(dice: string[], random: () => number): string {
  return dice[Math.floor(random() * dice.length)];
}
