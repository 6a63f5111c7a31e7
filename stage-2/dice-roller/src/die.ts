import createError from 'http-errors';
import { setTimeout as sleep } from 'node:timers/promises';
import { config } from './config.ts';
import { diceRollValue, startAtZero } from './metrics.ts';

export interface Die {
  type: string;
  faces: number[];
  errorRate: number;
}

const dice: Die[] = [
  { type: 'fair', faces: [1, 2, 3, 4, 5, 6], errorRate: 0 },
  { type: 'risky', faces: [2, 3, 4, 5, 6, 7], errorRate: 0.1 },
];

export const dieTypes = dice.map((die) => die.type);
dieTypes.forEach(startAtZero);

export function findDie(type: unknown): Die | undefined {
  return dice.find((die) => die.type === type);
}

export async function roll(die: Die): Promise<number> {
  await sleep(Math.random() * config.rollMaxDelayMs);

  if (Math.random() < die.errorRate) {
    throw createError(500, `The ${die.type} die failed`);
  }

  const value = die.faces[Math.floor(Math.random() * die.faces.length)];
  diceRollValue.observe({ die_type: die.type }, value);

  return value;
}
