import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { styleText } from 'node:util';
import { basename } from 'node:path';
import { stageDirectory } from '../places.ts';
import { Problem } from '../problem.ts';
import { logDirectory, logFile, loggedServices } from '../run/log-files.ts';
import { plain } from '../watch/plain.ts';
import { runningState } from './recorded.ts';

const colours = ['cyan', 'magenta', 'yellow', 'green', 'blue'] as const;
const pause = 200;

interface Entry {
  service: string;
  time: string;
  text: string;
}

/**
 * Prints the lines of all services, or of one, in the order in which they were printed.
 * @throws Problem when there are none, naming the services that have some
 */
export async function logs(
  stage: string,
  options: { service?: string; raw?: boolean; follow: boolean },
): Promise<void> {
  const name = runningState(stage)?.stage ?? basename(stageDirectory(stage));
  const services = existsSync(logDirectory(name)) ? loggedServices(name) : [];
  if (services.length === 0) throw new Problem(`${stage} has no logs. Start it: make ${stage} up`);
  if (options.service && !services.includes(options.service)) {
    throw new Problem(`${stage} has no lines from "${options.service}". There are lines from: ${services.join(', ')}.`);
  }
  const read = openReaders(name, options.service);
  for (;;) {
    for (const entry of read()) console.log(options.raw ? entry.text : format(entry, services));
    if (!options.follow || !existsSync(logDirectory(name))) return;
    await sleep(pause);
  }
}

/**
 * Reads the log files of a stage: each call returns what was added since the last one, in order of time.
 * @param only the one service to read
 */
export function openReaders(stage: string, only: string | undefined): () => Entry[] {
  const places = new Map<string, number>();
  return () => {
    if (!existsSync(logDirectory(stage))) return [];
    const entries = loggedServices(stage, only).flatMap((service) => {
      const { text, end } = readFrom(logFile(stage, service), places.get(service) ?? 0);
      places.set(service, end);
      return text
        .split('\n')
        .slice(0, -1)
        .map((line) => entryOf(service, line));
    });
    return entries.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
  };
}

/** Whole lines from an offset on; a file that has become shorter is a new one. */
function readFrom(file: string, from: number): { text: string; end: number } {
  const descriptor = openSync(file, 'r');
  try {
    const { size } = fstatSync(descriptor);
    const start = size < from ? 0 : from;
    const bytes = Buffer.alloc(size - start);
    readSync(descriptor, bytes, 0, bytes.length, start);
    const whole = bytes.lastIndexOf('\n') + 1;
    return { text: bytes.toString('utf8', 0, whole), end: start + whole };
  } finally {
    closeSync(descriptor);
  }
}

function entryOf(service: string, line: string): Entry {
  const space = line.indexOf(' ');
  return { service, time: line.slice(0, space), text: line.slice(space + 1) };
}

function format({ service, text }: Entry, services: string[]): string {
  const width = Math.max(...services.map(({ length }) => length));
  const colour = service === 'runtime' ? 'red' : colours[services.indexOf(service) % colours.length]!;
  return `${styleText(colour, `${service.padEnd(width)} |`, { stream: process.stdout })} ${plain(text)}`;
}
