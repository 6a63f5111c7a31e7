/// <reference lib="dom" />
import type { Trace } from '../../receiver/model.ts';
import { moveByArrowKeys, setTabStop } from './arrow-keys.ts';
import { element } from './dom.ts';
import { duration } from './format.ts';
import { colourOf, serviceLabel } from './services.ts';
import { spanTree, type SpanRow } from './span-tree.ts';

const deepest = 8;
const item = '[role=treeitem]';

/**
 * Draws the spans of a trace as bars in time.
 * @param onSelect called with a span's id when it is selected with the keyboard or the mouse
 */
export function waterfall(trace: Trace, onSelect: (spanId: string) => void): HTMLElement {
  const rows = spanTree(trace.spans).map((row) => spanRow(row, trace));
  const tree = element('div', { role: 'tree', 'aria-label': 'Spans in time' }, ...rows);
  moveByArrowKeys(tree, item);
  tree.addEventListener('focusin', ({ target }) => {
    const spanId = (target as HTMLElement).closest<HTMLElement>(item)?.dataset.span;
    if (spanId !== undefined) onSelect(spanId);
  });
  return element('div', { class: 'waterfall' }, axis(trace.durationMs), tree);
}

/** Shows which span the rest is about. */
export function markSpan(drawn: HTMLElement, spanId: string): void {
  const tree = drawn.querySelector<HTMLElement>('[role=tree]')!;
  const chosen = rowOf(tree, spanId);
  for (const row of tree.children) row.setAttribute('aria-selected', String(row === chosen));
  setTabStop(tree, item, chosen);
}

/** The row of a span. */
export function rowOf(drawn: HTMLElement, spanId: string): HTMLElement | undefined {
  return [...drawn.querySelectorAll<HTMLElement>(item)].find(({ dataset }) => dataset.span === spanId);
}

function spanRow({ span, depth }: SpanRow, trace: Trace): HTMLElement {
  const error = span.status === 'ERROR' ? element('span', { class: 'error' }, '✗ error') : undefined;
  const name = element('span', { class: 'name' }, serviceLabel(span.service), ` ${span.name || '(no name)'} `, error);
  name.style.setProperty('--depth', String(Math.min(depth, deepest)));
  const bar = element('span', { class: `bar ${colourOf(span.service)}` });
  const share = (milliseconds: number): string => `${(100 * milliseconds) / (trace.durationMs || 1)}%`;
  bar.style.insetInlineStart = share(span.startMs - trace.startMs);
  bar.style.inlineSize = share(span.durationMs);
  const track = element('span', { class: 'track', 'aria-hidden': 'true' }, bar);
  const time = element('span', { class: 'number' }, duration(span.durationMs));
  const properties = { role: 'treeitem', 'aria-level': String(depth + 1), 'data-span': span.spanId };
  return element('div', properties, name, track, time);
}

function axis(durationMs: number): HTMLElement {
  const marks = [0, 0.25, 0.5, 0.75, 1].map((part) => element('span', {}, duration(part * durationMs)));
  return element('div', { class: 'axis', 'aria-hidden': 'true' }, element('span', { class: 'track' }, ...marks));
}
