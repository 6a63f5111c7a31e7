/// <reference lib="dom" />
import type { TraceSummary } from '../../receiver/model.ts';
import { moveByArrowKeys, setTabStop } from './arrow-keys.ts';
import { byId, element } from './dom.ts';
import { duration, timeOfDay } from './format.ts';
import { serviceLabel } from './services.ts';

interface Row {
  row: HTMLTableRowElement;
  startMs: number;
}

const most = 200;
const body = byId('trace-rows');
const rows = new Map<string, Row>();
let selected = '';

moveByArrowKeys(body, 'a');

/** Shows these traces and no others. */
export function replaceTraces(summaries: TraceSummary[]): void {
  const focused = traceOf(document.activeElement?.closest('tr'));
  body.replaceChildren();
  rows.clear();
  for (const summary of summaries) put(summary);
  settle();
  if (focused) rows.get(focused)?.row.querySelector('a')?.focus({ preventScroll: true });
}

/** Shows a trace at its place in time, newest first, or updates it. */
export function showTrace(summary: TraceSummary): void {
  put(summary);
  settle();
}

/** Marks the trace that the rest of the page is about. */
export function markTrace(traceId: string): void {
  selected = traceId;
  settle();
}

/** Brings the keyboard back to the trace that is marked. */
export function focusMarkedTrace(): void {
  const link = rows.get(selected)?.row.querySelector('a') ?? body.querySelector('a');
  link?.focus();
}

function put(summary: TraceSummary): void {
  const { traceId, startMs } = summary;
  const known = rows.get(traceId);
  const row = known?.row ?? element('tr', { 'data-trace': traceId });
  const focused = row.contains(document.activeElement);
  row.replaceChildren(...cellsOf(summary));
  rows.set(traceId, { row, startMs });
  if (known?.startMs !== startMs) body.insertBefore(row, firstOlder(row, startMs));
  if (focused) row.querySelector('a')?.focus({ preventScroll: true });
}

function cellsOf({ traceId, name, startMs, durationMs, spanCount, services, error, complete }: TraceSummary): Node[] {
  const link = element('a', { href: `#trace/${traceId}`, tabindex: '-1' }, name || '(no name)');
  const marks = [
    error ? element('span', { class: 'error' }, '✗ error') : undefined,
    complete ? undefined : element('span', { class: 'hint' }, 'incomplete'),
  ];
  return [
    element('td', { class: 'time' }, timeOfDay(startMs)),
    element('td', {}, element('span', { class: 'what' }, link, ...services.map(serviceLabel), ...marks)),
    element('td', { class: 'number' }, duration(durationMs)),
    element('td', { class: 'number' }, String(spanCount)),
  ];
}

function firstOlder(row: Element, startMs: number): Element | null {
  const isOlder = (other: Element): boolean => other !== row && (rows.get(traceOf(other))?.startMs ?? 0) < startMs;
  return [...body.children].find(isOlder) ?? null;
}

/** What depends on all rows: how many there are, which one is marked, and which one Tab reaches. */
function settle(): void {
  for (const row of [...body.children].slice(most)) {
    rows.delete(traceOf(row));
    row.remove();
  }
  for (const [traceId, { row }] of rows) row.setAttribute('aria-selected', String(traceId === selected));
  setTabStop(body, 'a', body.querySelector<HTMLElement>('a:focus, [aria-selected=true] a') ?? undefined);
  byId('no-traces').hidden = rows.size > 0;
  for (const id of ['trace-table', 'traces-keys']) byId(id).hidden = rows.size === 0;
}

function traceOf(row: Element | null | undefined): string {
  return row?.getAttribute('data-trace') ?? '';
}
