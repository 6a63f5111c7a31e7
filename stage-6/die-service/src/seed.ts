import { config } from './config.ts';
import { openClient } from './database-client.ts';
import { retry } from './database-retry.ts';
import { readDiceFile } from './dice-file.ts';
import { logger } from './logger.ts';

const dice = [...readDiceFile(config.diceFile)].map(([identifier, die]) => ({ identifier, ...die }));
// No time limit for its queries: it waits as long as it must, for a lock too.
const sql = openClient(1, 0);

async function seed(): Promise<void> {
  await sql`
    CREATE TABLE IF NOT EXISTS die_specifications (
      identifier VARCHAR(50) PRIMARY KEY,
      faces INTEGER[],
      error_rate FLOAT
    )`;
  await sql`
    INSERT INTO die_specifications
    SELECT * FROM jsonb_populate_recordset(NULL::die_specifications, ${sql.json(dice)})
    ON CONFLICT (identifier) DO UPDATE SET faces = EXCLUDED.faces, error_rate = EXCLUDED.error_rate`;
}

let lost = false;
await retry(seed, Infinity, ({ message }) => {
  if (!lost) logger.error('Database connection failed', { error: message });
  lost = true;
});

logger.info('Database seeded', { count: dice.length });
await sql.end();
