import createHttpError from 'http-errors';
import type { Request } from './decode.ts';
import { readLogText } from './log-text.ts';
import type { Attributes, AttributeValue, LogLine, Span } from './model.ts';

const kinds = ['INTERNAL', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'] as const;
const statuses = ['UNSET', 'OK', 'ERROR'] as const;

/**
 * The spans of a decoded request.
 * @throws HttpError 400 for a span whose ids are not valid
 */
export function spansOf(request: Request): Span[] {
  return request.resourceSpans.flatMap(({ resource, scopeSpans }: Request) => {
    const { 'service.name': _, ...others } = attributesOf(resource?.attributes ?? []);
    const owner = { service: serviceOf(resource), resource: others };
    return scopeSpans.flatMap((scope: Request) => scope.spans.map((span: Request) => readSpan(span, owner)));
  });
}

function readSpan(span: Request, owner: Pick<Span, 'service' | 'resource'>): Span {
  const { traceId = '', spanId = '', parentSpanId = '', name = '' } = span;
  refuseId('traceId', traceId, 32, name);
  refuseId('spanId', spanId, 16, name);
  if (parentSpanId !== '') refuseId('parentSpanId', parentSpanId, 16, name);
  const startMs = milliseconds(span.startTimeUnixNano);
  return {
    ...{ traceId, spanId, ...owner, name, startMs },
    ...(parentSpanId !== '' && { parentSpanId }),
    kind: kinds[span.kind] ?? 'INTERNAL',
    durationMs: Math.max(0, milliseconds(span.endTimeUnixNano) - startMs),
    status: statuses[span.status?.code] ?? 'UNSET',
    ...(span.status?.message && { statusMessage: span.status.message }),
    attributes: attributesOf(span.attributes),
    events: span.events.map(({ name, timeUnixNano, attributes }: Request) => ({
      ...{ name: name ?? '', timeMs: milliseconds(timeUnixNano), attributes: attributesOf(attributes) },
    })),
  };
}

function refuseId(field: string, id: string, digits: number, name: string): void {
  if (id.length === digits && !/^0+$/.test(id)) return;
  throw createHttpError(
    400,
    `Span "${name}": ${field} must be ${digits} hexadecimal digits and not zero, it is "${id}".`,
  );
}

/** The log lines of a decoded request. A body that is one of our JSON objects is read as such. */
export function logsOf(request: Request): LogLine[] {
  return request.resourceLogs.flatMap(({ resource, scopeLogs }: Request) => {
    const service = serviceOf(resource);
    return scopeLogs.flatMap((scope: Request) => scope.logRecords.map((record: Request) => readLog(record, service)));
  });
}

function readLog(record: Request, service: string): LogLine {
  const body = valueOf(record.body);
  const timeMs = milliseconds(record.timeUnixNano ?? record.observedTimeUnixNano);
  const line = readLogText(typeof body === 'string' ? body : JSON.stringify(body), timeMs);
  return {
    ...{ ...line, service, timeMs },
    ...(record.severityText && { level: record.severityText }),
    ...(record.traceId && { traceId: record.traceId }),
    ...(record.spanId && { spanId: record.spanId }),
    fields: { ...line.fields, ...attributesOf(record.attributes) },
  };
}

function serviceOf(resource: Request | undefined): string {
  return String(attributesOf(resource?.attributes ?? [])['service.name'] ?? 'unknown_service');
}

function milliseconds(nanoseconds = '0'): number {
  return Number(BigInt(nanoseconds) / 1000n) / 1000;
}

function attributesOf(pairs: Request[]): Attributes {
  return Object.fromEntries(pairs.map(({ key = '', value }) => [key, valueOf(value)]));
}

function valueOf(value: Request | undefined | null): AttributeValue {
  if (!value) return null;
  if (value.arrayValue) return value.arrayValue.values.map(valueOf);
  if (value.kvlistValue) return attributesOf(value.kvlistValue.values);
  if (value.intValue !== undefined) return Number(value.intValue);
  return value.stringValue ?? value.boolValue ?? value.doubleValue ?? value.bytesValue ?? null;
}
