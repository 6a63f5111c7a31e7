import type { Span } from '../../receiver/model.ts';

/** A span at its depth below the root. */
export interface SpanRow {
  span: Span;
  depth: number;
}

/** Children below their parents, earliest first; spans whose parent has not arrived are at the top. */
export function spanTree(spans: Span[]): SpanRow[] {
  const known = new Set(spans.map(({ spanId }) => spanId));
  const children = Map.groupBy(spans, ({ parentSpanId }) =>
    parentSpanId && known.has(parentSpanId) ? parentSpanId : '',
  );
  const below = (parent: string, depth: number): SpanRow[] =>
    (children.get(parent) ?? []).flatMap((span) => [{ span, depth }, ...below(span.spanId, depth + 1)]);
  const rows = below('', 0);
  const placed = new Set(rows.map(({ span }) => span));
  // A span that claims to be its own ancestor has no parent.
  return [...rows, ...spans.filter((span) => !placed.has(span)).map((span) => ({ span, depth: 0 }))];
}
