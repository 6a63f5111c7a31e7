import { readdirSync } from 'node:fs';
import { join, parse } from 'node:path';
import { Problem } from '../problem.ts';

/** A usage record, as it was printed, and by which container. */
export interface UsageRecord {
  container: string;
  line: string;
  timeMs: number;
}

interface Batch {
  resourceLogs: {
    resource: { attributes: { key: string; value: { stringValue: string } }[] };
    scopeLogs: { logRecords: { timeUnixNano: string; body: { stringValue: string } }[] }[];
  }[];
}

/** The usage files that there are, from the oldest to the newest, which has the given path; a rotated one has a time in its name. */
export function usageFiles(path: string): string[] {
  const { dir, name, ext, base } = parse(path);
  const there = readdirSync(dir);
  const older = there.filter((file) => file.startsWith(`${name}-`) && file.endsWith(ext)).sort();
  return [...older, ...there.filter((file) => file === base)].map((file) => join(dir, file));
}

/**
 * Reads files of usage records, a batch in each line, in the JSON form of OTLP.
 * @param texts from the oldest to the newest; the last line may not be whole yet
 * @throws Problem quoting a line that is not such a batch
 */
export function readUsageFiles(texts: string[]): UsageRecord[] {
  const lines = texts.flatMap((text) => text.split('\n').slice(0, -1));
  return lines.map(batchOf).flatMap(({ resourceLogs }) => resourceLogs.flatMap(recordsOf));
}

function batchOf(line: string): Batch {
  try {
    return JSON.parse(line);
  } catch {
    throw new Problem(`This line of the usage file is no batch of records: ${line.slice(0, 80)}`);
  }
}

function recordsOf({ resource, scopeLogs }: Batch['resourceLogs'][number]): UsageRecord[] {
  const container = resource.attributes.find(({ key }) => key === 'container.name')?.value.stringValue ?? '';
  return scopeLogs.flatMap(({ logRecords }) =>
    logRecords.map(({ timeUnixNano, body }) => ({
      container,
      line: body.stringValue,
      timeMs: Number(timeUnixNano) / 1e6,
    })),
  );
}
