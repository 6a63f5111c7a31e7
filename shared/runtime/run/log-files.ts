import { appendFileSync, mkdirSync, readdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { stageRunDirectory } from '../places.ts';
import type { Line } from './lines.ts';

const largest = 16 * 1024 * 1024;

/** The folder with one file per service; each line starts with the time at which it was printed. */
export function logDirectory(stage: string): string {
  return join(stageRunDirectory(stage), 'logs');
}

/** The services that have a log, optionally only one of them. */
export function loggedServices(stage: string, only?: string): string[] {
  const files = readdirSync(logDirectory(stage)).filter((file) => file.endsWith('.log'));
  const services = files.map((file) => file.slice(0, -'.log'.length)).sort();
  return only === undefined ? services : services.filter((service) => service === only);
}

export function logFile(stage: string, service: string): string {
  return join(logDirectory(stage), `${service}.log`);
}

/** Keeps every line in its service's file; a file that grows too large becomes `.log.1`, replacing the one before. */
export function openLogFiles(stage: string): (line: Line) => void {
  mkdirSync(logDirectory(stage), { recursive: true });
  const sizes = new Map<string, number>();
  return ({ service, text, time }) => {
    const file = logFile(stage, service);
    const entry = `${time.toISOString()} ${text}\n`;
    const size = sizes.get(service) ?? statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    if (size > largest) renameSync(file, `${file}.1`);
    sizes.set(service, (size > largest ? 0 : size) + Buffer.byteLength(entry));
    appendFileSync(file, entry);
  };
}
