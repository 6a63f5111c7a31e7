/** What the receiver keeps and hands out as JSON. Times are milliseconds since 1970, with a fraction. */
export type Attributes = Record<string, AttributeValue>;
export type AttributeValue = string | number | boolean | null | AttributeValue[] | { [key: string]: AttributeValue };

export interface Span {
  traceId: string;
  spanId: string;
  /** Absent in a trace's root. */
  parentSpanId?: string;
  service: string;
  /** What its service reports about itself besides its name, if known. */
  resource?: Attributes;
  name: string;
  kind: 'INTERNAL' | 'SERVER' | 'CLIENT' | 'PRODUCER' | 'CONSUMER';
  startMs: number;
  durationMs: number;
  status: 'UNSET' | 'OK' | 'ERROR';
  statusMessage?: string;
  attributes: Attributes;
  events: { name: string; timeMs: number; attributes: Attributes }[];
}

export interface LogLine {
  timeMs: number;
  service: string;
  /** Absent when the line is not one of our JSON objects. */
  level?: string;
  message: string;
  traceId?: string;
  spanId?: string;
  /** The line's other fields. */
  fields: Attributes;
}

export interface TraceSummary {
  traceId: string;
  /** The root's service and name; of the earliest span while the root is missing. */
  service: string;
  name: string;
  startMs: number;
  durationMs: number;
  spanCount: number;
  services: string[];
  error: boolean;
  /** Every span's parent has arrived, the root included. */
  complete: boolean;
  /** Nothing has arrived for a while; until then the trace may still grow. */
  finished: boolean;
}

export interface Trace extends TraceSummary {
  /** Earliest first. */
  spans: Span[];
  logs: LogLine[];
}

/** What `/api/stream` sends: the event's name and the type of its data. */
export interface StreamEvents {
  trace: Trace;
  log: LogLine;
  /** Something that happened to a service, such as a crash, for people to read. */
  notice: { text: string };
}
