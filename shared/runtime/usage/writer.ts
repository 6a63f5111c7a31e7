import { appendFileSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join, parse } from 'node:path';
import { usageFiles } from './records.ts';
import type { UsageFile } from './routes.ts';

/** Writes usage records in the collector's place. */
export interface UsageWriter {
  /** @param line as it was printed, without its end */
  add: (line: string) => void;
}

/**
 * Writes each record as a separate line, at once, as the collector's file exporter does with its text encoding: a
 * record that cannot be written is lost, and the next one is tried.
 * @param notice called for the first of those that are lost in a row
 */
export function openUsageWriter(file: UsageFile, notice: (text: string) => void): UsageWriter {
  mkdirSync(dirname(file.path), { recursive: true });
  let losing = false;
  const add = (line: string): void => {
    try {
      append(file, `${line}\n`);
      losing = false;
    } catch (error) {
      if (!losing) notice(`Usage is being lost, because its file cannot be written: ${(error as Error).message}`);
      losing = true;
    }
  };
  return { add };
}

function append(file: UsageFile, line: string): void {
  const size = statSync(file.path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > 0 && size + Buffer.byteLength(line) > file.megabytes * 1024 * 1024) rotate(file);
  appendFileSync(file.path, line);
}

/** The older file gets the time into its name; of those, only the newest are kept. */
function rotate({ path, backups, days }: UsageFile): void {
  const time = new Date().toISOString().replaceAll(':', '-').replace('Z', '');
  const { dir, name, ext } = parse(path);
  // Named as the collector does, which removes only its own files.
  renameSync(path, join(dir, `${name}-${time}-size${ext}`));
  const old = usageFiles(path);
  const oldest = days === 0 ? 0 : Date.now() - days * 86_400_000;
  const kept = old.slice(-backups);
  for (const file of old) if (!kept.includes(file) || statSync(file).mtimeMs < oldest) rmSync(file);
}
