import createError from 'http-errors';
import { setTimeout as sleep } from 'node:timers/promises';
import { config } from './config.ts';
import { diceRollValue } from './metrics.ts';

export interface Die {
  type: string;
  faces: number[];
  errorRate: number;
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
