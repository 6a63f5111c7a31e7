import type { UsageRecord } from '../../runtime/usage/records.ts';
import { isUsage } from '../../runtime/usage/routes.ts';
import { silence, type DeclaredLog, type ServiceContract } from '../contract/contract.ts';
import { judged, type Check, type Fault } from './check.ts';
import { compareLines } from './logs.ts';

type Thing = Parameters<typeof judged>[0];

const advice =
  "Look at the routing connector in the collector's configuration: its condition, and the pipelines around it.";

/** Whether a service's contract has usage records, so that they are no lines of its logs. */
export function tracksUsage({ usage }: ServiceContract): boolean {
  return usage.length > 0;
}

/** Holds what is in the usage file against the contract, in both directions. */
export function compareUsage(
  services: Record<string, ServiceContract>,
  records: UsageRecord[],
  source: string,
): Check[] {
  const declared = Object.keys(services).filter((name) => tracksUsage(services[name]!));
  const groups = Map.groupBy(records, ({ container }) => container);
  return [...new Set([...declared, ...groups.keys()])].flatMap((service) => {
    const thing = (what: string): Thing => ({ area: 'usage', subject: `${service} usage ${what}`, source });
    const lines = (groups.get(service) ?? []).map(({ line }) => line);
    const stray = lines.filter((line) => !isUsage(line));
    return [
      judged(thing('and nothing else'), found('ordinary lines are in the usage file', stray), advice, 'apart'),
      ...compareLines(thing, (services[service] ?? silence).usage, lines.filter(isUsage), eventName),
    ];
  });
}

/** Holds the logs that a reader of them sees against what must not be among them. */
export function compareSeparation(service: string, lines: string[], source: string): Check {
  const thing: Thing = { area: 'usage', subject: `${service} logs without usage`, source };
  const leaked = found('usage records are among the application logs', lines.filter(isUsage));
  // Where nothing has come, nothing was kept out.
  const faults = lines.length > 0 ? leaked : [{ text: 'no line of it has come', pending: true }];
  return judged(thing, faults, advice, 'apart');
}

/** The contract has usage records, and the collector keeps none. */
export function withoutUsageFile(): Check {
  const thing: Thing = { area: 'usage', subject: 'all usage', source: 'usage file' };
  const text = "has no place of its own: the collector's configuration routes nothing to a file on a volume";
  return judged(thing, [{ text }], advice);
}

function found(what: string, lines: string[]): Fault[] {
  const [first] = lines;
  return first === undefined ? [] : [{ text: `${lines.length} ${what}, such as ${first.slice(0, 200)}` }];
}

/** All of them have one message. */
function eventName({ message, fields: { event } }: DeclaredLog): string {
  return typeof event === 'string' ? event : message;
}
