import { stripVTControlCharacters } from 'node:util';
import type { Attributes, LogLine, Span, Trace } from '../receiver/model.ts';
import { spanTree, type SpanRow } from '../viewer/page/span-tree.ts';
import { zone } from '../viewer/page/zone.ts';
import { plain } from './plain.ts';

export interface WaterfallOptions {
  /** Columns; never fewer than 60 are used. */
  width: number;
  /** Colours a text, or returns it as it is. */
  paint: (colour: 'red' | 'yellow' | 'cyan' | 'dim' | 'bold', text: string) => string;
}

/** Attributes that every HTTP span has and that say nothing about the application. */
const noise =
  /^(network|url|user_agent|client|server|net|thread|code|http\.(request|flavor|host|url|target|scheme|user_agent))\b/;

const durationWidth = 11;

/**
 * Draws a trace: one line per span with its service, name, a bar placed in time, and duration; its attributes below it;
 * then the trace's log lines.
 */
export function waterfall(trace: Trace, options: WaterfallOptions): string {
  const width = Math.max(60, options.width);
  const { paint } = options;
  const rows = spanTree(trace.spans);
  const serviceWidth = Math.min(16, Math.max(...rows.map(({ span }) => plain(span.service).length)));
  const nameWidth = Math.min(28, Math.max(...rows.map((row) => label(row).length)));
  const barWidth = width - serviceWidth - nameWidth - durationWidth - 4;
  const lines = [paint('bold', fit(headline(trace), width).trimEnd())];
  for (const row of rows) {
    const { span } = row;
    const bar = paint(span.status === 'ERROR' ? 'red' : 'cyan', barOf(span, trace, barWidth));
    const mark = span.status === 'ERROR' ? paint('red', '✗') : ' ';
    const columns = [paint('dim', fit(span.service, serviceWidth)), fit(label(row), nameWidth), bar];
    lines.push(`${columns.join(' ')} ${duration(span.durationMs).padStart(durationWidth - 1)} ${mark}`.trimEnd());
    const details = detailsOf(span);
    const indent = ' '.repeat(serviceWidth + 1 + 2 * Math.min(row.depth, 6) + 2);
    for (const line of wrap(details, width - indent.length)) lines.push(paint('dim', indent + line));
  }
  return [...lines, ...trace.logs.map((log) => logLine(log, width, options))].join('\n');
}

function headline({ traceId, startMs, durationMs, spanCount, complete }: Trace): string {
  const time = `${timeOfDay(startMs)}${zone(startMs)}`;
  const spans = `${spanCount} ${spanCount === 1 ? 'span' : 'spans'}`;
  return `trace ${traceId}  ${time}  ${duration(durationMs)}  ${spans}${complete ? '' : ', incomplete'}`;
}

/** In the reader's time zone, as on the receiver's page. */
function timeOfDay(milliseconds: number): string {
  const time = new Date(milliseconds);
  return `${time.toLocaleTimeString('en-GB')}.${String(time.getMilliseconds()).padStart(3, '0')}`;
}

function label({ span, depth }: SpanRow): string {
  return '  '.repeat(Math.min(depth, 6)) + plain(span.name);
}

function barOf(span: Span, trace: Trace, width: number): string {
  const scale = trace.durationMs > 0 ? width / trace.durationMs : 0;
  const start = Math.min(width - 1, Math.floor((span.startMs - trace.startMs) * scale));
  // Even the shortest span is visible.
  const length = Math.min(width - start, Math.max(1, Math.round(span.durationMs * scale)));
  return ' '.repeat(start) + '█'.repeat(length) + ' '.repeat(width - start - length);
}

function duration(milliseconds: number): string {
  return `${milliseconds < 10 ? milliseconds.toFixed(2) : milliseconds.toFixed(1)} ms`;
}

function detailsOf({ attributes, statusMessage, events }: Span): string {
  const told = Object.entries(attributes).filter(([key]) => !noise.test(key));
  const exceptions = events
    .filter(({ name }) => name === 'exception')
    .map(({ attributes }) => attributes['exception.message']);
  const faults = new Set([statusMessage, ...exceptions].filter((fault) => fault !== undefined && fault !== null));
  return [pairs(Object.fromEntries(told)), ...[...faults].map((fault) => `error: ${fault}`)].filter(Boolean).join(' ');
}

function pairs(fields: Attributes): string {
  return Object.entries(fields)
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');
}

function logLine(
  { timeMs, service, level = '', message, fields }: LogLine,
  width: number,
  { paint }: WaterfallOptions,
): string {
  const text = fit(
    `  ${timeOfDay(timeMs)} ${level.padEnd(7)} ${service}: ${message} ${pairs(fields)}`,
    width,
  ).trimEnd();
  if (level === 'ERROR') return paint('red', text);
  return level.startsWith('WARN') ? paint('yellow', text) : text;
}

/** Exactly this many columns: filled with spaces, or cut with an ellipsis. */
function fit(text: string, width: number): string {
  const clean = plain(stripVTControlCharacters(text));
  return clean.length > width ? `${clean.slice(0, width - 1)}…` : clean.padEnd(width);
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of plain(text).split(' ').filter(Boolean)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(fit(word, width).trimEnd());
  }
  return lines;
}
