import type { UsageRecord } from '../../runtime/usage/records.ts';
import { isUsage } from '../../runtime/usage/routes.ts';
import type { DeclaredLog, ServiceContract } from '../contract/contract.ts';
import { judged, type Check, type Place } from './check.ts';
import { fault, pending, type Fault } from './fault.ts';
import { compareLines } from './logs.ts';

const advice =
  "Look at the routing connector in the collector's configuration: its condition, and the pipelines around it.";

/** Whether a service's contract has usage records, so that they are no lines of its logs. */
export function tracksUsage({ usage }: ServiceContract): boolean {
  return usage.length > 0;
}

/**
 * Compares what is in the usage file with the contract, in both directions. A line does not say who printed it, so it may be
 * of any service that tracks usage.
 */
export function compareUsage(
  services: Record<string, ServiceContract>,
  records: UsageRecord[],
  source: string,
): Check[] {
  const tracking = Object.keys(services).filter((name) => tracksUsage(services[name]!));
  const declared = tracking.flatMap((name) => services[name]!.usage);
  const service = tracking.join(' ');
  const thing = (name: string): Place => ({
    ...{ area: 'usage', service, name, subject: `${service} usage ${name}`.trim(), source },
  });
  const lines = records.map(({ line }) => line);
  const stray = lines.filter((line) => !isUsage(line));
  return [
    judged(thing('and nothing else'), found('lines-among-usage', stray), advice, 'apart'),
    ...compareLines(thing, declared, lines.filter(isUsage), eventName),
  ];
}

/** Looks for usage records among the logs that a reader sees. */
export function compareSeparation(service: string, lines: string[], source: string): Check {
  const subject = `${service} logs without usage`;
  const thing: Place = { area: 'usage', service, name: 'logs without usage', subject, source };
  const leaked = found('usage-among-lines', lines.filter(isUsage));
  // Where nothing has come, nothing was kept out.
  const faults = lines.length > 0 ? leaked : [pending('nothing-came', {})];
  return judged(thing, faults, advice, 'apart');
}

/** The contract has usage records, and the collector keeps none. */
export function withoutUsageFile(): Check {
  const thing: Place = { area: 'usage', name: 'all usage', subject: 'all usage', source: 'usage file' };
  return judged(thing, [fault('no-usage-file', {})], advice);
}

function found(code: 'lines-among-usage' | 'usage-among-lines', lines: string[]): Fault[] {
  const [first] = lines;
  return first === undefined ? [] : [fault(code, { count: lines.length, first: first.slice(0, 200) })];
}

/** All of them have one message. */
function eventName({ message, fields: { event } }: DeclaredLog): string {
  return typeof event === 'string' ? event : message;
}
