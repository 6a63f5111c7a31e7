import { notChecked, type Check, type Place } from './compare/check.ts';
import type { Reader } from './read/reader.ts';
import { settle } from './settle.ts';

/** A place that cannot be read, and why. */
export interface Missing {
  name: string;
  missing: string;
}

/** Compares what a place has, as soon as all is there; a place that cannot be read is not checked. */
export async function look<T>(
  thing: Omit<Place, 'source'>,
  reader: Reader<T> | Missing,
  patience: number,
  compare: (seen: T, source: string) => Check[],
): Promise<Check[]> {
  if ('missing' in reader) return [notChecked({ ...thing, source: reader.name }, reader.missing)];
  return settle(thing, reader, (seen) => compare(seen, reader.name), patience);
}
