import type { AttributeValue, Span } from '../../runtime/receiver/model.ts';

/** A search's answer, as far as we read it. */
interface Answer {
  traces?: { traceID: string; spanSets?: { spans: Found[]; matched: number }[] }[];
}

interface Found {
  spanID: string;
  name?: string;
  startTimeUnixNano: string;
  durationNanos: string;
  /** Selected intrinsics and attributes alike. */
  attributes?: { key: string; value: AnyValue }[];
}

interface AnyValue {
  stringValue?: string;
  intValue?: string;
  doubleValue?: number;
  boolValue?: boolean;
  arrayValue?: { values?: AnyValue[] };
}

/**
 * The spans of a TraceQL search that selected `name`, `kind`, `status`, `span:parentID`, `resource.service.name` and
 * `event:name`, and the ids of the traces that had more spans than the search shows.
 * https://grafana.com/docs/tempo/latest/api_docs/#search
 */
export function readSearch({ traces = [] }: Answer): { spans: Span[]; cut: string[] } {
  const sets = traces.flatMap(({ traceID, spanSets = [] }) =>
    spanSets.map((set) => ({ ...set, traceId: traceID.padStart(32, '0') })),
  );
  const isCut = ({ spans, matched }: (typeof sets)[number]): boolean => spans.length < matched;
  return {
    spans: sets.filter((set) => !isCut(set)).flatMap(({ traceId, spans }) => spans.map((one) => spanOf(traceId, one))),
    cut: sets.filter(isCut).map(({ traceId }) => traceId),
  };
}

function spanOf(traceId: string, found: Found): Span {
  const pairs = (found.attributes ?? []).map(({ key, value }) => [key, valueOf(value)] as const);
  // So Tempo writes that a span lacks one of the attributes that it keeps in columns of their own.
  const given = pairs.filter(([, value]) => value !== 'nil');
  const {
    name = found.name,
    kind,
    status,
    'span:parentID': parent,
    'service.name': service,
    'event:name': _event,
    ...attributes
  } = Object.fromEntries(given);
  const events = given.filter(([key, value]) => key === 'event:name' && value !== '');
  const startMs = Number(BigInt(found.startTimeUnixNano) / 1000n) / 1000;
  return {
    ...{ traceId, spanId: found.spanID.padStart(16, '0'), service: String(service ?? 'unknown_service') },
    ...(typeof parent === 'string' && !/^0*$/.test(parent) && { parentSpanId: parent }),
    name: String(name ?? ''),
    kind: String(kind).toUpperCase() as Span['kind'],
    status: String(status).toUpperCase() as Span['status'],
    ...{ startMs, durationMs: Number(found.durationNanos) / 1e6, attributes },
    events: events.map(([, event]) => ({ name: String(event), timeMs: startMs, attributes: {} })),
  };
}

function valueOf(value: AnyValue): AttributeValue {
  if (value.arrayValue) return (value.arrayValue.values ?? []).map(valueOf);
  if (value.intValue !== undefined) return Number(value.intValue);
  return value.stringValue ?? value.boolValue ?? value.doubleValue ?? null;
}
