import { setTimeout as sleep } from 'node:timers/promises';
import { config } from './config.ts';
import { openClient } from './database-pool.ts';
import { isConnectionFailure } from './database-retry.ts';
import { readDiceFile } from './dice-file.ts';
import { logger } from './logger.ts';

const dice = [...readDiceFile(config.diceFile)].map(([identifier, die]) => ({ identifier, ...die }));
const sql = openClient(1);

async function seed(): Promise<void> {
  await sql`
    CREATE TABLE IF NOT EXISTS die_specifications (
      identifier VARCHAR(50) PRIMARY KEY,
      faces INTEGER[],
      error_rate FLOAT
    )`;
  await sql`
    INSERT INTO die_specifications ${sql(dice)}
    ON CONFLICT (identifier) DO UPDATE SET faces = EXCLUDED.faces, error_rate = EXCLUDED.error_rate`;
}

let seeded = false;
let waiting = false;

while (!seeded) {
  try {
    await seed();
    seeded = true;
  } catch (error) {
    if (!isConnectionFailure(error as Error)) throw error;
    if (!waiting) logger.error('Database connection failed', { error: (error as Error).message });
    waiting = true;
    await sleep(1000);
  }
}

logger.info('Database seeded', { count: dice.length });
await sql.end();
