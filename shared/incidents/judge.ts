import type { Span } from '../runtime/receiver/model.ts';
import type { Answer } from './answer.ts';
import { beganAt, beganNear, incidentOf, type Sealed } from './record.ts';
import type { Incident } from './incident.ts';
import type { ReadTrace } from './read-traces.ts';

export const fields = ['since', 'service', 'cause', 'trace'] as const;
export type Field = (typeof fields)[number];

/** One field of an answer, as data: codes, and where to look next. */
export interface Judged {
  outcome: 'right' | 'wrong' | 'not-given' | 'not-checked';
  /** Why a trace is wrong: it is not there, was over before it began, or does not show it; or why it was not checked. */
  reason?: string;
  look?: string;
}

export interface Judgement {
  /** One for each field that is right. */
  points: number;
  of: number;
  fields: Record<Field, Judged>;
}

const lookForTime = 'Find a graph that changed, and zoom in until you can read the second at which it did.';

/** Judges the four fields of an answer apart. */
export async function judge(sealed: Sealed, answer: Answer, readTrace: ReadTrace): Promise<Judgement> {
  const incident = incidentOf(sealed);
  const { since, service, cause, trace } = answer;
  const is = (right: boolean, look: string): Judged => (right ? { outcome: 'right' } : { outcome: 'wrong', look });
  const judged: Partial<Record<Field, Judged>> = {
    ...(service !== undefined && { service: is(incident.services.includes(service), incident.look.service) }),
    ...(cause !== undefined && { cause: is(cause === incident.cause, incident.look.cause) }),
    ...(since !== undefined && { since: is(isTime(since, incident, sealed), lookForTime) }),
    ...(trace !== undefined && { trace: await judgeTrace(trace, incident, sealed, readTrace) }),
  };
  // Where nothing is wrong, there is no time and no trace to give; it shows only to who has found that out.
  const found = incident.cause === 'none' && service === 'none' && cause === 'none';
  const rest: Judged = { outcome: found ? 'right' : 'not-given' };
  const all = Object.fromEntries(fields.map((field) => [field, judged[field] ?? rest])) as Judgement['fields'];
  return { points: fields.filter((field) => all[field].outcome === 'right').length, of: fields.length, fields: all };
}

function isTime(since: number | 'none', { cause }: Incident, sealed: Sealed): boolean {
  if (cause === 'none' || since === 'none') return cause === 'none' && since === 'none';
  return beganNear(sealed, since);
}

async function judgeTrace(id: string, incident: Incident, sealed: Sealed, read: ReadTrace): Promise<Judged> {
  const wrong = (reason: string): Judged => ({ outcome: 'wrong', reason, look: incident.look.trace });
  if (id === 'none') return incident.cause === 'none' ? { outcome: 'right' } : wrong('no-symptom');
  const spans = await read(id);
  if ('missing' in spans) return { outcome: 'not-checked', reason: spans.missing };
  if (spans.length === 0) return wrong('unknown-trace');
  if (endOf(spans) < (beganAt(sealed) ?? 0)) return wrong('before');
  return incident.isSymptom(spans) ? { outcome: 'right' } : wrong('no-symptom');
}

function endOf(spans: Span[]): number {
  return Math.max(...spans.map(({ startMs, durationMs }) => startMs + durationMs));
}
