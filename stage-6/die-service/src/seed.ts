import { setTimeout as sleep } from 'node:timers/promises';
import { config } from './config.ts';
import { openClient } from './database-pool.ts';
import { isConnectionFailure } from './database-retry.ts';
import { readDiceFile } from './dice-file.ts';
import { logger } from './logger.ts';

const dice = [...readDiceFile(config.diceFile)].map(([identifier, die]) => ({ identifier, ...die }));
// Without a limit to its queries: it waits for as long as it must, for a lock too.
const sql = openClient(1, 0);

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

for (let waiting = false; ; waiting = true) {
  try {
    await seed();
    break;
  } catch (error) {
    if (!isConnectionFailure(error as Error)) throw error;
    if (!waiting) logger.error('Database connection failed', { error: (error as Error).message });
    await sleep(1000);
  }
}

logger.info('Database seeded', { count: dice.length });
await sql.end();
