import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The stages that have exercises. */
export const stages = readdirSync(join(import.meta.dirname, '../exercises')).sort();
