import { fileURLToPath } from 'node:url';

function integer(name: string, fallback: number, max: number, min = 0): number {
  const text = process.env[name] || String(fallback);

  if (!/^\d+$/.test(text) || Number(text) < min || Number(text) > max) {
    throw new Error(`${name} must be a whole number from ${min} to ${max}, not "${text}"`);
  }

  return Number(text);
}

function postgresUrl(name: string, fallback: string): string {
  const text = process.env[name] || fallback;

  // The value is not shown: it may contain a password.
  if (!URL.canParse(text) || !/^postgres(ql)?:\/\/.+\/.+/.test(text)) {
    throw new Error(`${name} must be an address such as ${fallback}`);
  }

  return text;
}

export const config = {
  host: process.env.HOST || '127.0.0.1',
  port: integer('PORT', 8001, 65_535),
  diceFile: process.env.DICE_FILE || fileURLToPath(new URL('../dice.json', import.meta.url)),
  databaseUrl: postgresUrl('DATABASE_URL', 'postgres://dice:dice@127.0.0.1:5432/dicedb'),
  databasePoolSize: integer('DATABASE_POOL_SIZE', 10, 100, 1),
};
