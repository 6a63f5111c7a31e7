import { fileURLToPath } from 'node:url';

function integer(name: string, fallback: number, max: number, min = 0): number {
  const text = process.env[name] || String(fallback);

  if (!/^\d+$/.test(text) || Number(text) < min || Number(text) > max) {
    throw new Error(`${name} must be a whole number from ${min} to ${max}, not "${text}"`);
  }

  return Number(text);
}

export const config = {
  host: process.env.HOST || '127.0.0.1',
  port: integer('PORT', 8001, 65_535),
  diceFile: process.env.DICE_FILE || fileURLToPath(new URL('../dice.json', import.meta.url)),
};
