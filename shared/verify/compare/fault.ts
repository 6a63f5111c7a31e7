import type { Rule } from '../contract/values.ts';

/** What a value is part of. */
export type ValueOf = 'field' | 'attribute' | 'resource attribute';

/** Everything that can be wrong: a code, and the arguments that come with it. report/words.ts puts them into words. */
export interface FaultArguments {
  // Any declared thing.
  'never-seen': { nearest?: { name: string; faults: Fault[] } };
  undeclared: Record<never, never>;
  unreadable: { reason: string };

  // Metrics.
  'wrong-type': { seen: string; declared: string };
  'wrong-unit': { seen: string; declared: string };
  'wrong-buckets': { seen: number[]; declared: number[] };
  'missing-label': { label: string };
  'undeclared-label': { label: string };
  'undeclared-label-value': { label: string; value: string };
  'unseen-label-value': { label: string; value: string };

  // Fields of log lines, attributes of spans and of resources.
  'missing-value': { of: ValueOf; name: string };
  'undeclared-value': { of: ValueOf; name: string; seen: unknown };
  'wrong-value': { of: ValueOf; name: string; seen: unknown; declared: Rule };
  'unseen-value': { of: ValueOf; name: string; declared: unknown };
  'unseen-name': { of: ValueOf; name: string };

  // Log lines.
  'not-an-object': { line: string };
  'no-timestamp': { line: string };
  'wrong-level': { seen: unknown; declared: string };
  'unwanted-trace': Record<never, never>;
  'missing-id': { name: string };
  'invalid-id': { name: string; seen: unknown };

  // Spans.
  'wrong-status': { seen: string; declared: string[] };
  'wrong-parent': { seen: string; declared: string[] };
  'unseen-parent': { parent: string };
  'missing-event': { event: string };
  'undeclared-event': { event: string };
  'broken-trace': { span: string; traceId: string };

  // Requests.
  'span-count': { seen: number; expected: number; because: 'one request' | 'as many were counted' };
  'unwanted-spans': { count: number };
  'unwanted-line': { line: string };
  'unwanted-exemplar': { metric: string };

  // Usage records.
  'lines-among-usage': { count: number; first: string };
  'usage-among-lines': { count: number; first: string };
  'nothing-came': Record<never, never>;
  'no-usage-file': Record<never, never>;

  // Panels.
  'unknown-panel': Record<never, never>;
  'not-in-grafana': { reason: string };
  'unknown-source': { uid: string };
  'query-refused': { reason: string; query: string };
  'query-empty': { query: string };
}

export type FaultCode = keyof FaultArguments;

/** One thing that is wrong. */
export type Fault = {
  [Code in FaultCode]: {
    code: Code;
    arguments: FaultArguments[Code];
    /** More telemetry, or more patience, might mend it: something was not seen yet. */
    pending?: true;
  };
}[FaultCode];

/** Something that is wrong, however long one waits. */
export function fault<Code extends FaultCode>(code: Code, details: FaultArguments[Code]): Fault {
  return { code, arguments: details } as Fault;
}

/** Something that was not seen, and may still come. */
export function pending<Code extends FaultCode>(code: Code, details: FaultArguments[Code]): Fault {
  return { code, arguments: details, pending: true } as Fault;
}
