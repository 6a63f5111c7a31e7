import type { Span } from '../../runtime/receiver/model.ts';
import type { Check } from '../compare/check.ts';
import { faultText } from '../report/words.ts';
import { parseContract, type ServiceContract } from '../contract/contract.ts';

/** The contract of a service "dice", from the YAML of its part. */
export function contractOf(part: string): ServiceContract {
  const indented = part.replaceAll('\n', '\n    ');
  return parseContract(`services:\n  dice:\n    ${indented.trim()}`).services.dice!;
}

/** A server span of the service "dice" that ended well, unless told otherwise. */
export function span(fields: Partial<Span> = {}): Span {
  return {
    ...{ traceId: '1'.repeat(32), spanId: '2'.repeat(16), service: 'dice', name: 'GET /roll', kind: 'SERVER' },
    ...{ startMs: 1000, durationMs: 10, status: 'UNSET', attributes: {}, events: [] },
    ...fields,
  };
}

/** What failed, as a person would read it. */
export function faults(checks: Check[]): string[] {
  return checks.flatMap((check) => check.faults.map((fault) => `${check.subject}: ${faultText(fault)}`));
}

export function outcomes(checks: Check[]): Record<string, string> {
  return Object.fromEntries(checks.map(({ subject, outcome }) => [subject, outcome]));
}
