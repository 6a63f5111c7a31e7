import type { Attributes, LogLine } from './model.ts';

/** A line without what the sender adds: where it comes from. */
export type ReadLine = Omit<LogLine, 'service' | 'timeMs'>;

/** Reads a printed line. If it is a JSON object, its usual fields are taken out of it; else it is the message. */
export function readLogText(text: string): ReadLine {
  const record = jsonObject(text);
  if (!record || typeof record.message !== 'string') return { message: text, fields: {} };
  const { timestamp: _, level, message, trace_id: traceId, span_id: spanId, ...fields } = record;
  return {
    message,
    ...(typeof level === 'string' && { level }),
    ...(typeof traceId === 'string' && { traceId }),
    ...(typeof spanId === 'string' && { spanId }),
    fields: fields as Attributes,
  };
}

function jsonObject(text: string): Record<string, unknown> | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
