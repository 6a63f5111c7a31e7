import type { Span } from '../runtime/receiver/model.ts';
import { isUsage } from '../runtime/usage/routes.ts';
import type { Area, Check, Place } from './compare/check.ts';
import { compareLogs } from './compare/logs.ts';
import { compareMetrics, type Metric } from './compare/metrics.ts';
import {
  compareCounts,
  compareExemplars,
  compareRequests,
  compareSilence,
  type Answered,
  type MadeRequest,
} from './compare/requests.ts';
import { comparePropagation } from './compare/propagation.ts';
import { compareResources } from './compare/resources.ts';
import { compareSpans } from './compare/spans.ts';
import { tracksUsage } from './compare/usage.ts';
import { silence, type Contract, type ServiceContract } from './contract/contract.ts';
import { look, type Missing } from './look.ts';
import { observeSeparation, observeUsage, usageReadersOf, type UsageReaders } from './observe-usage.ts';
import { logFileReader, loki } from './read/log-readers.ts';
import { prometheus, scrape } from './read/metrics-readers.ts';
import type { Reader } from './read/reader.ts';
import { receiver, tempo } from './read/span-readers.ts';
import { fedBackEnd, type RunningStage } from './stage/running-stage.ts';

/** What is known of the traffic when its telemetry is looked at. */
export interface Traffic {
  /** The last round of the contract's requests. */
  requests: MadeRequest[];
  answered: Answered[];
}

/** Where the telemetry of a stage is read. What cannot be read says why. */
export interface Readers {
  metrics: { service: string; reader: Reader<Metric[]> | Missing }[];
  logs: { service: string; reader: Reader<string[]> | Missing }[];
  usage: UsageReaders;
  spans: Reader<Span[]> | Missing;
}

/** Chooses the best place for each signal: the real back end if it runs and is fed, else what the native runtime has. */
export function readersOf(stage: RunningStage): Readers {
  const { services, since, receiver: receives } = stage;
  const metrics = stage.backEnd('prometheus');
  const traces = fedBackEnd(stage, 'tempo');
  return {
    metrics: services.flatMap((service) => [
      { service: service.name, reader: scrape(service) },
      {
        service: service.name,
        reader: 'url' in metrics ? prometheus(metrics.url, service.name, since) : { name: 'Prometheus', ...metrics },
      },
    ]),
    logs: [...services.map(({ name }) => name), ...stage.jobs].map((service) => ({
      service,
      reader: logReader(stage, service),
    })),
    usage: usageReadersOf(stage),
    spans: 'url' in traces ? tempo(traces.url, since) : receives ? receiver(receives) : { name: 'Tempo', ...traces },
  };
}

function logReader(stage: RunningStage, name: string): Reader<string[]> | Missing {
  const logs = fedBackEnd(stage, 'loki');
  if ('url' in logs) return loki(logs.url, name, stage.since);
  return stage.logFile ? logFileReader(stage.logFile(name)) : { name: 'Loki', ...logs };
}

/** Compares all telemetry of a stage with its contract. */
export async function observe(
  contract: Contract,
  { metrics, logs, usage, spans }: Readers,
  { requests, answered }: Traffic,
  patience: number,
): Promise<Check[]> {
  const { services } = contract;
  const of = (service: string): ServiceContract => services[service] ?? silence;
  const results = await Promise.all([
    ...metrics.map(({ service, reader }) =>
      look(everything('metrics', service), reader, patience, (seen, source) => [
        ...compareMetrics(service, of(service), seen, source),
        ...(source === '/metrics' ? compareExemplars(requests, seen, service, source) : []),
      ]),
    ),
    ...logs.map(({ service, reader }) =>
      look(everything('logs', service), reader, patience, (lines, source) => [
        ...compareLogs(service, of(service), logLines(of(service), lines), source),
        ...compareSilence(service, requests, lines, source),
      ]),
    ),
    observeUsage(contract, usage, patience),
    look(everything('spans'), spans, patience, (seen, source) => [
      ...compareSpans(services, seen, source),
      ...comparePropagation(contract, seen, source),
      ...compareResources(contract, seen, source),
      ...compareRequests(requests, seen, source),
      ...compareCounts(answered, seen, source),
    ]),
  ]);
  return [...results.flat(), ...(await observeSeparation(contract, usage, patience))];
}

/** Stands in the table for all that a place has, if it cannot be read. */
export function everything(area: Area, service?: string): Omit<Place, 'source'> {
  return { area, ...(service && { service }), name: 'all', subject: `${service ?? 'all'} ${area}` };
}

/** Of what a service printed, what is meant for its logs. */
function logLines(contract: ServiceContract, lines: string[]): string[] {
  return tracksUsage(contract) ? lines.filter((line) => !isUsage(line)) : lines;
}
