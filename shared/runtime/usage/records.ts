import { readdirSync } from 'node:fs';
import { join, parse } from 'node:path';

/** A usage record, as it was printed, and by which container. */
export interface UsageRecord {
  container: string;
  line: string;
  /** As the line tells it: a collector that reads files gives its records no time. NaN where the line tells none. */
  timeMs: number;
}

interface Batch {
  resourceLogs?: {
    resource: { attributes: { key: string; value: { stringValue: string } }[] };
    scopeLogs: { logRecords: { body: { stringValue: string } }[] }[];
  }[];
}

/** What the collector puts into the name of a rotated file. */
const rotated = /^-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}(-[a-z]+)?$/;

/** The usage files that there are, from the oldest to the newest, which has the given path. */
export function usageFiles(path: string): string[] {
  const { dir, name, ext, base } = parse(path);
  const there = readdirSync(dir);
  const isRotated = (file: string): boolean =>
    file.startsWith(name) && file.endsWith(ext) && rotated.test(file.slice(name.length, -ext.length || undefined));
  const older = there.filter(isRotated).sort();
  return [...older, ...there.filter((file) => file === base)].map((file) => join(dir, file));
}

/**
 * Reads files of usage records, a batch in each line, in the JSON form of OTLP.
 * @param texts from the oldest to the newest. Half a batch is passed over: it is still being written, or the collector was
 *   killed meanwhile, and then the next batch follows right behind it.
 */
export function readUsageFiles(texts: string[]): UsageRecord[] {
  const batches = texts.flatMap((text) => text.split(/\n|(?=\{"resourceLogs")/));
  return batches.flatMap((batch) => parsed<Batch>(batch)?.resourceLogs?.flatMap(recordsOf) ?? []);
}

function parsed<Value>(text: string): Value | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function recordsOf({ resource, scopeLogs }: NonNullable<Batch['resourceLogs']>[number]): UsageRecord[] {
  const container = resource.attributes.find(({ key }) => key === 'container.name')?.value.stringValue ?? '';
  return scopeLogs.flatMap(({ logRecords }) =>
    logRecords.map(({ body: { stringValue: line } }) => ({
      container,
      line,
      timeMs: Date.parse(parsed<{ timestamp: string }>(line)?.timestamp ?? ''),
    })),
  );
}
