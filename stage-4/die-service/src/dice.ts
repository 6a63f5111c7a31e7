import { config } from './config.ts';
import { readDiceFile, type Specification } from './dice-file.ts';
import { logger } from './logger.ts';
import { dieSpecificationsLoaded, startAtZero } from './metrics.ts';

const specifications = readDiceFile(config.diceFile);

dieSpecificationsLoaded.set(specifications.size);
listIdentifiers().forEach(startAtZero);
logger.info('Die specifications loaded', { count: specifications.size });

export function listIdentifiers(): string[] {
  return [...specifications.keys()];
}

export function findSpecification(identifier: string): Specification | undefined {
  return specifications.get(identifier);
}
