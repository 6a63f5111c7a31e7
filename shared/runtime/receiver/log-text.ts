import type { Attributes, LogLine } from './model.ts';

/** A line without what the sender adds: where it comes from. */
export type ReadLine = Omit<LogLine, 'service'>;

/**
 * Reads a printed line. If it is a JSON object, its usual fields are taken out of it; else it is the message.
 * @param arrivedMs used if the line has no time
 */
export function readLogText(text: string, arrivedMs: number): ReadLine {
  const record = jsonObject(text);
  if (!record || typeof record.message !== 'string') return { timeMs: arrivedMs, message: text, fields: {} };
  const { timestamp, level, message, trace_id: traceId, span_id: spanId, ...fields } = record;
  // Its own time: lines of several services arrive in any order.
  const timeMs = Date.parse(String(timestamp));
  return {
    timeMs: Number.isNaN(timeMs) ? arrivedMs : timeMs,
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
