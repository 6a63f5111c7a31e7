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
  leftOut: number;
}

// The collector writes a batch as one line, in the JSON form of OTLP.
interface Batch {
  resourceLogs: {
    scopeLogs: { logRecords: { timeUnixNano: string; body: { stringValue: string } }[] }[];
  }[];
}

interface UsageEvent {
  event: 'sign-in' | 'run';
  user: string;
  die_type: string;
  times: number;
  backend_status: number;
}

const nothing = (): Counts => ({ signIns: 0, runs: 0, failedRuns: 0, dice: new Map() });

export async function readUsage(folder: string): Promise<Usage> {
  const usage: Usage = { users: new Map(), total: nothing(), first: Infinity, last: -Infinity, leftOut: 0 };
  const files = (await readdir(folder)).filter((name) => /^usage.*\.jsonl$/.test(name));

  // usage-<time>-size.jsonl, a rotated one, sorts before usage.jsonl, which is the newest.
  for (const file of files.sort()) {
    for await (const line of createInterface({ input: createReadStream(join(folder, file)) })) {
      const batch = parse(line);

      if (batch) countBatch(usage, batch);
      else usage.leftOut++;
    }
  }

  return usage;
}

// The last line is half a batch while the collector writes it, or if it was killed then.
function parse(line: string): Batch | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function countBatch(usage: Usage, { resourceLogs }: Batch): void {
  const records = resourceLogs.flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords));

  for (const { timeUnixNano, body } of records) {
    const event: UsageEvent = JSON.parse(body.stringValue);

    if (!isKnown(event)) {
      usage.leftOut++;
      continue;
    }

    const time = Number(timeUnixNano) / 1e6;
    const user = usage.users.get(event.user) ?? nothing();
    usage.users.set(event.user, user);
    usage.first = Math.min(usage.first, time);
    usage.last = Math.max(usage.last, time);
    for (const counts of [user, usage.total]) countEvent(counts, event);
  }
}

function isKnown({ event, user, die_type }: UsageEvent): boolean {
  return typeof user === 'string' && (event === 'sign-in' || (event === 'run' && typeof die_type === 'string'));
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
