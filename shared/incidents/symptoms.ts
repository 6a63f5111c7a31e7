import type { Span } from '../runtime/receiver/model.ts';

/** The span of the answering side of a call, if it arrived. */
function answerOf(call: Span, spans: Span[]): Span | undefined {
  return spans.find(({ parentSpanId, kind }) => parentSpanId === call.spanId && kind === 'SERVER');
}

/** Calls of one service in a trace, by HTTP: its client spans, without queries. */
export function callsOf(service: string, spans: Span[]): Span[] {
  return spans.filter(
    (span) => span.service === service && span.kind === 'CLIENT' && !('db.system.name' in span.attributes),
  );
}

/** Queries that a service sends to the database. */
export function queriesOf(service: string, spans: Span[]): Span[] {
  return spans.filter((span) => span.service === service && 'db.system.name' in span.attributes);
}

export function answersOf(service: string, spans: Span[]): Span[] {
  return spans.filter((span) => span.service === service && span.kind === 'SERVER');
}

/** Milliseconds that a call takes longer than the service that answers it: the largest of a trace, 0 if there is none. */
export function gap(from: string, to: string, spans: Span[]): number {
  const gaps = callsOf(from, spans).map((call) => {
    const answer = answerOf(call, spans);
    return answer?.service === to ? call.durationMs - answer.durationMs : 0;
  });
  return Math.max(0, ...gaps);
}

/** Whether a call of this service got no answer at all. */
export function isUnanswered(call: Span): boolean {
  return call.status === 'ERROR' && !('http.response.status_code' in call.attributes);
}

export function has(span: Span, attribute: string, value: unknown): boolean {
  return span.attributes[attribute] === value;
}
