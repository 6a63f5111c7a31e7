import type { Shot } from '../load/shot.ts';
import { judge, notChecked, type Finding } from '../step.ts';
import type { Arrival, Arrivals } from './arrivals.ts';

/** Spans and lines of some requests, as two things that must hold. */
export function arrivalFindings(whose: string, shots: Shot[], { spans, lines }: Arrivals): Finding[] {
  return [finding(`spans of ${whose}`, shots, spans), finding(`log lines of ${whose}`, shots, lines)];
}

function finding(what: string, shots: Shot[], arrival: Arrival): Finding {
  if ('unreadable' in arrival) return notChecked(what, arrival.unreadable);
  const { where, missing } = arrival;
  const lost = missing.slice(0, 2).map(({ traceId, status }) => `${traceId} (${status})`);
  const detail = missing.length > 0 ? `, not of ${lost.join(', ')}${missing.length > 2 ? ', …' : ''}` : '';
  return judge(missing.length === 0, what, `${shots.length - missing.length} of ${shots.length} in ${where}${detail}`);
}
