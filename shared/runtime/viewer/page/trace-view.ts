/// <reference lib="dom" />
import type { Trace } from '../../receiver/model.ts';
import { byId, element } from './dom.ts';
import { count, duration, timeOfDay } from './format.ts';
import { logLines, markLines } from './log-lines.ts';
import { spanDetails } from './span-details.ts';
import { markSpan, rowOf, waterfall } from './waterfall.ts';

const body = byId('trace-body');
let shown: { traceId: string; spanId: string } | undefined;

/** Shows a trace; if it is already shown, its selected span stays. */
export function showDetail(trace: Trace): void {
  const focused = (document.activeElement as HTMLElement | null)?.dataset.span;
  const kept = shown?.traceId === trace.traceId ? shown.spanId : undefined;
  const spans = new Map(trace.spans.map((span) => [span.spanId, span]));
  const details = element('div');
  const lines = logLines(trace.logs, trace.startMs);
  const drawn = waterfall(trace, (spanId) => select(spanId));
  const select = (spanId: string): void => {
    if (shown?.traceId === trace.traceId && shown.spanId === spanId && details.hasChildNodes()) return;
    shown = { traceId: trace.traceId, spanId };
    details.replaceChildren(...spanDetails(spans.get(spanId)!));
    markSpan(drawn, spanId);
    markLines(lines, spanId);
  };
  byId('detail-title').textContent = trace.name || '(no name)';
  const beside = element('div', { class: 'beside' }, part('Span', details), part('Log lines', lines));
  body.replaceChildren(facts(trace), drawn, beside);
  select(kept !== undefined && spans.has(kept) ? kept : firstSpan(drawn));
  if (focused !== undefined) rowOf(drawn, focused)?.focus({ preventScroll: true });
}

/** Says why there is no trace to show. */
export function showFault(text: string): void {
  shown = undefined;
  byId('detail-title').textContent = 'Trace';
  body.replaceChildren(element('p', { class: 'empty' }, text));
}

function facts({ traceId, startMs, durationMs, spanCount, complete, error }: Trace): HTMLElement {
  const known = ` · ${duration(durationMs)} · ${count(spanCount, 'span')}${complete ? '' : ' · incomplete: a parent is missing'} · `;
  const link = element('a', { href: `#trace/${traceId}` }, element('code', {}, traceId));
  const mark = error ? element('span', { class: 'error' }, ' ✗ error') : undefined;
  return element('p', { class: 'facts' }, timeOfDay(startMs), known, link, mark);
}

function part(title: string, content: HTMLElement): HTMLElement {
  return element('section', { 'aria-label': title }, element('h3', {}, title), content);
}

function firstSpan(drawn: HTMLElement): string {
  return drawn.querySelector<HTMLElement>('[role=treeitem]')?.dataset.span ?? '';
}
