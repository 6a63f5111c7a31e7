import { readUsageFiles, type UsageRecord } from '../../runtime/usage/records.ts';
import type { Reader } from './reader.ts';

/**
 * The usage records of this life of the stage.
 * @param readFiles gives the texts of the usage files, the newest last
 * @param since milliseconds since 1970; their volume outlives a run of the stage. A line without a time is no earlier one.
 */
export function usageReader(readFiles: () => Promise<string[]>, since: number): Reader<UsageRecord[]> {
  return {
    name: 'usage file',
    // Docker's logging driver and the collector take their time.
    patience: 10_000,
    read: async () => readUsageFiles(await readFiles()).filter(({ timeMs }) => !(timeMs < since)),
  };
}
