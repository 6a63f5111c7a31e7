import { plainTable } from '../runtime/plain-table.ts';
import { causes, places } from './causes.ts';
import type { Ended } from './end.ts';
import type { Incident } from './incident.ts';
import { fields, type Judged, type Judgement } from './judge.ts';
import type { Repair } from './repair.ts';

/** What a learner reads at the start. @param page where to look, if there is one */
export function beginText(stage: string, { complaint }: Incident, page?: string): string {
  return [
    `Users roll dice in ${stage} now. Something goes wrong within the next three minutes, or nothing does.`,
    'Its services were restarted to prepare it; that is not part of it. Somebody will complain:',
    `\n  "${complaint}"\n`,
    `Investigate: ${page ?? `make ${stage} watch`}`,
    `Answer:      make ${stage} answer SINCE=… SERVICE=… CAUSE=… TRACE=…   (make ${stage} answer shows the choices)`,
    `End it:      make ${stage} incident END=1`,
  ].join('\n');
}

/** What it was. */
export function endText(stage: string, ended: Ended | undefined): string {
  if (!ended) return `No incident is running in ${stage}.`;
  const { incident, began } = ended;
  if (incident.cause === 'none') return `The incident has ended. It was none: nothing was wrong with ${stage}.`;
  const when = began === undefined ? '' : began > Date.now() ? 'and it had not begun yet' : `since ${clock(began)}`;
  const where = incident.services.join(' or ');
  return [
    `The incident has ended, and ${stage} runs as before.`,
    `It was CAUSE=${incident.cause} (${causes[incident.cause]}), SERVICE=${where}, ${when}.`,
  ].join('\n');
}

function clock(time: number): string {
  return new Date(time).toTimeString().slice(0, 8);
}

/** The closed lists, and how to answer. */
export function choicesText(stage: string, lists: { services: string[]; causes: (keyof typeof causes)[] }): string {
  const meaning = (name: string): string => (name in places ? places[name as keyof typeof places] : '');
  return [
    'SINCE     when it began, give or take a minute: 14:05, 14:05:30, 2026-11-26T14:05:30Z, or none',
    'TRACE     the id of a trace that shows it, or none\n',
    `SERVICE   where it is:\n${plainTable(lists.services.map((name) => [name, meaning(name)]))}\n`,
    `CAUSE     what it is:\n${plainTable(lists.causes.map((name) => [name, causes[name]]))}\n`,
    `Answer what you know: make ${stage} answer SINCE=14:05 SERVICE=${lists.services[0]}`,
    `When you have repaired it: make ${stage} answer REPAIR=1`,
  ].join('\n');
}

const outcomes: Record<Judged['outcome'], string> = {
  right: 'right',
  wrong: 'not right',
  'not-given': 'not given',
  'not-checked': 'not checked',
};

const reasons: Record<string, string> = {
  'unknown-trace': 'There is no such trace. (Without Tempo, only the newest 500 are kept.)',
  before: 'This trace ended before the incident began.',
  'no-symptom': 'This trace does not show it.',
};

/** How an answer was judged, for people. */
export function judgementText(stage: string, { points, of, fields: all }: Judgement): string {
  const rows = fields.map((field) => [field.toUpperCase(), outcomes[all[field].outcome]]);
  const looks = fields.flatMap((field) => lookText(field, all[field]));
  const end =
    points === of
      ? `All correct. Repair it and check: make ${stage} answer REPAIR=1, or end it: make ${stage} incident END=1`
      : '';
  return [plainTable(rows), `${points} of ${of} points.`, ...looks, end].filter(Boolean).join('\n');
}

function lookText(field: string, { outcome, reason = '', look }: Judged): string[] {
  if (outcome === 'not-checked') return [`${field.toUpperCase()} was not checked: ${reason}.`];
  const why = reasons[reason];
  return look === undefined ? [] : [`${field.toUpperCase()}: ${why ? `${why} ` : ''}${look}`];
}

/** How a repair went, for people. */
export function repairText({ outcome, traces, symptoms, reason }: Repair, seconds: number): string {
  if (outcome === 'repaired') return `Repaired: no symptom in ${seconds} s of traffic, ${traces} traces.`;
  if (outcome === 'not-checked') return `The repair was not checked: ${reason}.`;
  return `Not repaired: ${symptoms} of ${traces} traces of the last ${seconds} s still show it.`;
}
