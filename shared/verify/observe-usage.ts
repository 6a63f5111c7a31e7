import type { UsageRecord } from '../runtime/usage/records.ts';
import type { Check, Place } from './compare/check.ts';
import { compareSeparation, compareUsage, tracksUsage, withoutUsageFile } from './compare/usage.ts';
import type { Contract } from './contract/contract.ts';
import { look, type Missing } from './look.ts';
import { loki, receiverLogs } from './read/log-readers.ts';
import type { Reader } from './read/reader.ts';
import { usageReader } from './read/usage-reader.ts';
import { fedBackEnd, type OwnService, type RunningStage } from './stage/running-stage.ts';

/** Where usage records are read, and the logs that must have none. */
export interface UsageReaders {
  /** Absent where the collector keeps no records apart. */
  file?: Reader<UsageRecord[]>;
  /** Not what was printed, but what people see: the collector takes usage records out on the way there. */
  logs: { service: string; reader: Reader<string[]> | Missing }[];
}

export function usageReadersOf(stage: RunningStage): UsageReaders {
  const { readUsage, services, since } = stage;
  return {
    ...(readUsage && { file: usageReader(readUsage, since) }),
    logs: services.map((service) => ({ service: service.name, reader: seenLogs(stage, service) })),
  };
}

function seenLogs(stage: RunningStage, { name }: OwnService): Reader<string[]> | Missing {
  const logs = fedBackEnd(stage, 'loki');
  if ('url' in logs) return loki(logs.url, name, stage.since);
  return stage.receiver ? receiverLogs(stage.receiver, name) : { name: 'Loki', ...logs };
}

/** Compares the usage records with the contract. */
export async function observeUsage({ services }: Contract, { file }: UsageReaders, patience: number): Promise<Check[]> {
  if (!file) return Object.values(services).some(tracksUsage) ? [withoutUsageFile()] : [];
  const thing = { area: 'usage', name: 'all', subject: 'all usage' } as const;
  return look(thing, file, patience, (seen, source) => compareUsage(services, seen, source));
}

function withoutUsage(service: string): Omit<Place, 'source'> {
  return { area: 'usage', service, name: 'logs without usage', subject: `${service} logs without usage` };
}

/** Looks for usage records among the logs. It has to be the last: by then what does not belong there has come, too. */
export async function observeSeparation(
  { services }: Contract,
  { logs }: UsageReaders,
  patience: number,
): Promise<Check[]> {
  const tracking = logs.filter(({ service }) => services[service] && tracksUsage(services[service]));
  const results = tracking.map(({ service, reader }) =>
    look(withoutUsage(service), reader, patience, (lines, source) => [compareSeparation(service, lines, source)]),
  );
  return (await Promise.all(results)).flat();
}
