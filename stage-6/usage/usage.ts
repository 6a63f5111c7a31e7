import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface Counts {
  signIns: number;
  runs: number;
  failedRuns: number;
  dice: Map<string, { runs: number; rolled: number }>;
}

export interface Usage {
  users: Map<string, Counts>;
  total: Counts;
  // Milliseconds since 1970.
  first: number;
  last: number;
  // Lines that are not usage events.
  skipped: number;
}

// What the front end printed.
interface UsageEvent {
  timestamp: string;
  event: 'sign-in' | 'run';
  user: string;
  die_type: string;
  times: number;
  backend_status: number;
}

// A collector that is killed leaves half a line, and the next event follows on the same line.
const startOfEvent = /(?=\{"timestamp":)/;

const nothing = (): Counts => ({ signIns: 0, runs: 0, failedRuns: 0, dice: new Map() });

export async function readUsage(folder: string): Promise<Usage> {
  const usage: Usage = { users: new Map(), total: nothing(), first: Infinity, last: -Infinity, skipped: 0 };
  const files = (await readdir(folder)).filter((name) => /^usage.*\.jsonl$/.test(name));

  for (const file of files) {
    for await (const line of createInterface({ input: createReadStream(join(folder, file)) })) {
      for (const text of line.split(startOfEvent)) {
        const event = parse(text);
        if (isKnown(event)) countFor(usage, event);
        else if (text !== '') usage.skipped++;
      }
    }
  }

  return usage;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isKnown(value: unknown): value is UsageEvent {
  const { timestamp, event, user, die_type, times, backend_status } = (value ?? {}) as UsageEvent;
  const isRun = event === 'run' && typeof die_type === 'string' && (backend_status !== 200 || Number.isFinite(times));

  return typeof user === 'string' && Date.parse(timestamp) > 0 && (event === 'sign-in' || isRun);
}

function countFor(usage: Usage, event: UsageEvent): void {
  const time = Date.parse(event.timestamp);
  const user = usage.users.get(event.user) ?? nothing();

  usage.users.set(event.user, user);
  usage.first = Math.min(usage.first, time);
  usage.last = Math.max(usage.last, time);
  for (const counts of [user, usage.total]) countEvent(counts, event);
}

function countEvent(counts: Counts, { event, die_type, times, backend_status }: UsageEvent): void {
  if (event === 'sign-in') {
    counts.signIns++;
    return;
  }

  const die = counts.dice.get(die_type) ?? { runs: 0, rolled: 0 };
  counts.dice.set(die_type, die);
  counts.runs++;
  die.runs++;
  if (backend_status === 200) die.rolled += times;
  else counts.failedRuns++;
}
