import { readFile } from 'node:fs/promises';
import type { LogLine } from '../../runtime/receiver/model.ts';
import { askJson } from './ask.ts';
import type { Reader } from './reader.ts';

const page = 5000;
const mostPages = 40;

/**
 * The lines that Loki has of a service, from oldest to newest.
 * @param since milliseconds since 1970; its volume outlives a run of the stage
 */
export function loki(url: string, service: string, since: number): Reader<string[]> {
  return {
    name: 'Loki',
    patience: 20_000,
    read: async () => {
      const lines: string[] = [];
      let start = BigInt(Math.floor(since)) * 1_000_000n;
      for (let pages = 0; pages < mostPages; pages++) {
        const batch = await readPage(url, service, start);
        lines.push(...batch.map(([, line]) => line));
        if (batch.length < page) break;
        start = BigInt(batch.at(-1)![0]) + 1n;
      }
      return lines;
    },
  };
}

async function readPage(url: string, service: string, start: bigint): Promise<[time: string, line: string][]> {
  const query = `{container_name="${service}"}`;
  const end = `${Date.now() + 1000}000000`;
  const parameters = { query, start: String(start), end, limit: page, direction: 'forward' };
  const { data } = await askJson(`${url}/loki/api/v1/query_range`, parameters);
  const values: [string, string][] = data.result.flatMap((stream: { values: [string, string][] }) => stream.values);
  return values.sort(([a], [b]) => (BigInt(a) < BigInt(b) ? -1 : 1));
}

/** What the built-in receiver shows of a service's lines, as it reads them. */
export function receiverLogs(url: string, service: string): Reader<string[]> {
  return {
    name: 'receiver',
    patience: 2000,
    read: async () => {
      const { logs }: { logs: LogLine[] } = await askJson(`${url}/api/logs`, { service, limit: page });
      // A line that is no object with a message is all message.
      return logs.map(({ message, fields }) =>
        Object.keys(fields).length > 0 ? JSON.stringify({ message, ...fields }) : message,
      );
    },
  };
}

/**
 * What the native runtime wrote down. The built-in receiver has these lines too, but as it reads them: it can no longer
 * say whether a line was one JSON object, or had a timestamp.
 */
export function logFileReader(file: string): Reader<string[]> {
  return {
    name: 'log file',
    patience: 2000,
    read: async () => {
      const lines = (await readFile(file, 'utf8')).split('\n').filter(Boolean);
      // The runtime puts the time in front of what was printed.
      return lines.map((line) => line.slice(line.indexOf(' ') + 1));
    },
  };
}
