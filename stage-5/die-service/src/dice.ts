import createError from 'http-errors';
import { selectSpecification, selectSpecifications, type Row } from './database.ts';
import { checkDie, type Specification } from './dice-file.ts';
import { logger } from './logger.ts';
import { dieSpecificationsLoaded, startAtZero } from './metrics.ts';

// The service starts without its database, too, and asks until there is an answer.
export async function loadSpecifications(): Promise<void> {
  try {
    logger.info('Die specifications loaded', { count: (await listIdentifiers()).length });
  } catch {
    setTimeout(loadSpecifications, 1000);
  }
}

export async function listIdentifiers(): Promise<string[]> {
  const rows = (await selectSpecifications()).filter(isValid);
  const identifiers = rows.map(({ identifier }) => identifier).sort();
  dieSpecificationsLoaded.set(identifiers.length);
  identifiers.forEach(startAtZero);

  return identifiers;
}

export async function findSpecification(identifier: string): Promise<Specification | undefined> {
  const row = await selectSpecification(identifier);
  if (row && !isValid(row)) throw createError(500, 'The specification of this die is invalid');

  return row && { faces: row.faces, error_rate: row.error_rate };
}

// The table allows rows that are not dice, such as one without faces.
function isValid({ identifier, ...die }: Row): boolean {
  try {
    checkDie(identifier, die);
    return true;
  } catch (error) {
    logger.error('Die specification invalid', { identifier, error: (error as Error).message });
    return false;
  }
}
