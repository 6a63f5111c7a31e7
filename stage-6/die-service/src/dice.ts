import { selectIdentifiers, selectSpecification } from './database.ts';
import type { Specification } from './dice-file.ts';
import { logger } from './logger.ts';
import { dieSpecificationsLoaded, startAtZero } from './metrics.ts';

// The service starts also without its database, and then asks until it is there.
export async function loadSpecifications(): Promise<void> {
  try {
    logger.info('Die specifications loaded', { count: (await listIdentifiers()).length });
  } catch {
    setTimeout(loadSpecifications, 1000);
  }
}

export async function listIdentifiers(): Promise<string[]> {
  const identifiers = await selectIdentifiers();
  dieSpecificationsLoaded.set(identifiers.length);
  identifiers.forEach(startAtZero);

  return identifiers;
}

export async function findSpecification(identifier: string): Promise<Specification | undefined> {
  return selectSpecification(identifier);
}
