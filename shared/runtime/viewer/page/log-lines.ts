/// <reference lib="dom" />
import type { LogLine } from '../../receiver/model.ts';
import { element } from './dom.ts';
import { offset, valueText } from './format.ts';
import { serviceLabel } from './services.ts';

/** The log lines of a trace, earliest first. */
export function logLines(lines: LogLine[], startMs: number): HTMLElement {
  if (lines.length === 0) return element('p', { class: 'hint' }, 'No log line has the id of this trace.');
  const heads = ['Time', 'Level', 'Line'].map((head) => element('th', { scope: 'col' }, head));
  return element(
    'table',
    { class: 'logs', 'aria-label': 'Log lines' },
    element('thead', {}, element('tr', {}, ...heads)),
    element('tbody', {}, ...lines.map((line) => lineRow(line, startMs))),
  );
}

/** Shows which lines a span printed. */
export function markLines(table: HTMLElement, spanId: string): void {
  for (const row of table.querySelectorAll<HTMLElement>('tbody tr'))
    row.classList.toggle('of-span', row.dataset.span === spanId);
}

function lineRow({ timeMs, level = '', service, message, spanId, fields }: LogLine, startMs: number): HTMLElement {
  const pairs = Object.entries(fields).map(([key, value]) => [key, valueText(value)] as const);
  return element(
    'tr',
    { 'data-span': spanId },
    element('td', { class: 'number' }, offset(timeMs, startMs)),
    element('td', { class: levelClass(level) }, level),
    element(
      'td',
      { class: 'value' },
      element('span', { class: 'message' }, message),
      serviceLabel(service),
      ' ',
      ...pairTexts(pairs),
    ),
  );
}

/** Keys and values, side by side. */
export function pairTexts(pairs: (readonly [key: string, value: string])[]): (Node | string)[] {
  return pairs.flatMap(([key, value]) => [
    element('span', { class: 'pair' }, element('span', { class: 'hint' }, `${key}=`), value),
    ' ',
  ]);
}

function levelClass(level: string): string {
  if (/^(error|fatal|crit)/i.test(level)) return 'error';
  return /^warn/i.test(level) ? 'warning' : 'hint';
}
