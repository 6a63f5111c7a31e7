import { readdirSync } from 'node:fs';
import { join, parse } from 'node:path';

/** A usage record, as it was printed. */
export interface UsageRecord {
  line: string;
  /** Milliseconds since 1970, from the line's `timestamp`. NaN where the line has none. */
  timeMs: number;
}

/** What the collector puts into the name of a rotated file. */
const rotated = /^-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}(-[a-z]+)?$/;

/** The existing usage files, from the oldest to the newest, which has the given path. */
export function usageFiles(path: string): string[] {
  const { dir, name, ext, base } = parse(path);
  const there = readdirSync(dir);
  const isRotated = (file: string): boolean =>
    file.startsWith(name) && file.endsWith(ext) && rotated.test(file.slice(name.length, -ext.length || undefined));
  const older = there.filter(isRotated).sort();
  return [...older, ...there.filter((file) => file === base)].map((file) => join(dir, file));
}

/**
 * Reads files of usage records, one printed line each.
 * @param texts from the oldest to the newest. A last line without its end is still being written and not read.
 */
export function readUsageFiles(texts: string[]): UsageRecord[] {
  const lines = texts.flatMap((text) => text.split('\n').slice(0, -1));
  return lines.filter((line) => line !== '').map((line) => ({ line, timeMs: timeOf(line) }));
}

function timeOf(line: string): number {
  try {
    return Date.parse(JSON.parse(line).timestamp);
  } catch {
    return NaN;
  }
}
