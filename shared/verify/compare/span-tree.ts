import type { Span } from '../../runtime/receiver/model.ts';

/** A span with what it needs to know of its trace. */
export interface Observed {
  span: Span;
  /** `none`, or service and name of the parent. */
  parent: string;
}

/** Each span with its parent. HEAD is GET without the body (RFC 9110, 9.3.2), so it is read as GET. */
export function observedSpans(received: Span[]): Observed[] {
  const spans = received.map(readAsGet);
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const traces = Map.groupBy(spans, ({ traceId }) => traceId);
  return spans.map((span) => ({ span, parent: parentOf(span, byId, traces.get(span.traceId)!) }));
}

function readAsGet(span: Span): Span {
  const { 'http.request.method': method, ...attributes } = span.attributes;
  if (method !== 'HEAD') return span;
  // A client span's own record of the method, as it was called.
  const original = attributes['http.request.method_original'] === 'HEAD' && { 'http.request.method_original': 'GET' };
  const name = span.name.replace(/^HEAD\b/, 'GET');
  return { ...span, name, attributes: { ...attributes, 'http.request.method': 'GET', ...original } };
}

function parentOf(span: Span, byId: Map<string, Span>, trace: Span[]): string {
  if (span.parentSpanId === undefined) return 'none';
  const parent = byId.get(span.parentSpanId);
  if (parent) return `${parent.service} ${parent.name}`;
  // Any client may send a traceparent of its own. Inside a span of ours, the parent was ours, too, and got lost.
  const outermost = !trace.some((other) => other !== span && encloses(other, span));
  return span.kind === 'SERVER' && outermost ? 'none' : 'a span that was not seen';
}

function encloses(outer: Span, inner: Span): boolean {
  return outer.startMs <= inner.startMs && outer.startMs + outer.durationMs >= inner.startMs + inner.durationMs;
}
