import type { DeclaredLog, ServiceContract } from '../contract/contract.ts';
import { show } from '../contract/values.ts';
import { judged, neverSeen, undeclared, type Check, type Place } from './check.ts';
import { fault, type Fault } from './fault.ts';
import { unseenFaults, valueFaults } from './rules.ts';

type Fields = Record<string, unknown>;

interface LogRecord {
  level: unknown;
  message: unknown;
  trace: unknown;
  span: unknown;
  fields: Fields;
}

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/**
 * Compares the lines that a service printed with its contract, in both directions.
 * @param lines as they were printed
 */
export function compareLogs(service: string, contract: ServiceContract, lines: string[], source: string): Check[] {
  const thing = (name: string): Place => ({
    ...{ area: 'logs', service, name, subject: `${service} log ${name}`, source },
  });
  return compareLines(thing, contract.logs, lines, ({ message }) => message);
}

/**
 * The same for lines of any kind.
 * @param thing makes what stands in the table
 * @param nameOf says what an event is called there
 */
export function compareLines(
  thing: (what: string) => Place,
  events: DeclaredLog[],
  lines: string[],
  nameOf: (event: DeclaredLog) => string,
): Check[] {
  const records = lines.flatMap((line) => readRecord(line) ?? []);
  const faults = lines.flatMap(lineFaults);
  const form = judged(thing('lines'), faults.slice(0, 3), 'Print through the logger only: one JSON object per line.');
  const groups = Map.groupBy(records, (record) => closest(events, record));
  const declared = events.map((event) => compareEvent(thing(nameOf(event)), event, groups.get(event) ?? []));
  const unknown = new Set((groups.get(undefined) ?? []).map(({ message }) => show(message)));
  return [form, ...declared, ...[...unknown].map((message) => undeclared(thing(message)))];
}

function compareEvent(thing: Place, event: DeclaredLog, records: LogRecord[]): Check {
  const advice = 'Compare the call to the logger with the event in telemetry.yaml.';
  if (records.length === 0) return neverSeen(thing, event, advice);
  const wrong = records.flatMap((record) => recordFaults(event, record));
  const fields = records.map((record) => record.fields);
  const unseen = event.optional ? [] : unseenFaults('field', event.fields, fields);
  return judged(thing, [...wrong, ...unseen], advice);
}

/** The declared event of a record: by its message, and where several have that, the one that it differs from least. */
function closest(events: DeclaredLog[], record: LogRecord): DeclaredLog | undefined {
  const candidates = events.filter(({ message }) => message === record.message);
  const faults = (event: DeclaredLog): number => recordFaults(event, record).length;
  return candidates.sort((a, b) => faults(a) - faults(b))[0];
}

function recordFaults(event: DeclaredLog, { level, trace, span, fields }: LogRecord): Fault[] {
  const traced = trace !== undefined || span !== undefined;
  return [
    ...(level === event.level ? [] : [fault('wrong-level', { seen: level, declared: event.level })]),
    ...(event.trace === 'none' && traced ? [fault('unwanted-trace', {})] : []),
    ...(event.trace === 'present' ? [...idFaults('trace_id', trace, 32), ...idFaults('span_id', span, 16)] : []),
    ...valueFaults('field', event.fields, fields),
  ];
}

function idFaults(name: string, seen: unknown, digits: number): Fault[] {
  if (seen === undefined) return [fault('missing-id', { name })];
  return isId(seen, digits) ? [] : [fault('invalid-id', { name, seen })];
}

function isId(value: unknown, digits: number): boolean {
  return typeof value === 'string' && value.length === digits && /^[0-9a-f]+$/.test(value) && !/^0+$/.test(value);
}

function lineFaults(line: string): Fault[] {
  const object = jsonObject(line);
  if (!object) return [fault('not-an-object', { line: cut(line) })];
  return isoTime.test(String(object.timestamp)) ? [] : [fault('no-timestamp', { line: cut(line) })];
}

function readRecord(line: string): LogRecord | undefined {
  const object = jsonObject(line);
  if (!object) return undefined;
  const { timestamp: _, level, message, trace_id: trace, span_id: span, ...fields } = object;
  return { level, message, trace, span, fields };
}

function jsonObject(line: string): Fields | undefined {
  try {
    const value = JSON.parse(line);
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function cut(line: string): string {
  return line.length > 80 ? `${line.slice(0, 80)}…` : line;
}
