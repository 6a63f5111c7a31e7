import { appendFileSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join, parse } from 'node:path';
import { readLogText } from '../receiver/log-text.ts';
import type { Line } from '../run/lines.ts';
import { usageFiles } from './records.ts';
import type { UsageFile } from './routes.ts';

/** Writes usage records in the collector's place. */
export interface UsageWriter {
  add: (line: Line, container: Container) => void;
  /** Writes what is left. */
  close: () => void;
}

interface Container {
  id: string;
  name: string;
}

type Record = [container: string, record: object];

/** As the stages' `batch/usage` has it. */
const batchRecords = 200;
const batchTime = 1000;

/**
 * Writes a line for each batch, in the JSON form of OTLP, as the collector's file exporter does: a batch that cannot be
 * written is lost, and the next one is tried.
 * @param notice is told of the first of those that are lost in a row
 */
export function openUsageWriter(file: UsageFile, notice: (text: string) => void): UsageWriter {
  mkdirSync(dirname(file.path), { recursive: true });
  const waiting: Record[] = [];
  let timer: NodeJS.Timeout | undefined;
  let losing = false;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const records = waiting.splice(0);
    if (records.length === 0) return;
    try {
      append(file, `${JSON.stringify({ resourceLogs: resourcesOf(records) })}\n`);
      losing = false;
    } catch (error) {
      if (!losing) notice(`Usage is being lost, for its file cannot be written: ${(error as Error).message}`);
      losing = true;
    }
  };
  return {
    add: (line, container) => {
      waiting.push([container.name, recordOf(line, container)]);
      if (waiting.length === batchRecords) flush();
      else timer ??= setTimeout(flush, batchTime);
    },
    close: flush,
  };
}

function resourcesOf(records: Record[]): object[] {
  const containers = Map.groupBy(records, ([container]) => container);
  return [...containers].map(([container, members]) => ({
    resource: { attributes: [text('container.name', container)] },
    scopeLogs: [{ scope: {}, logRecords: members.map(([, record]) => record) }],
  }));
}

function recordOf(line: Line, { id }: Container): object {
  const { level, traceId } = readLogText(line.text);
  return {
    timeUnixNano: `${line.time.getTime()}000000`,
    ...(level !== undefined && { severityText: level }),
    body: { stringValue: line.text },
    attributes: [text('container_id', id), text('source', line.source)],
    ...(traceId !== undefined && { traceId }),
  };
}

function text(key: string, stringValue: string): object {
  return { key, value: { stringValue } };
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
  // As the collector names it, which removes its own only.
  renameSync(path, join(dir, `${name}-${time}-size${ext}`));
  const old = usageFiles(path);
  const oldest = days === 0 ? 0 : Date.now() - days * 86_400_000;
  const kept = old.slice(-backups);
  for (const file of old) if (!kept.includes(file) || statSync(file).mtimeMs < oldest) rmSync(file);
}
