import { setTimeout as sleep } from 'node:timers/promises';
import type { Span } from '../runtime/receiver/model.ts';
import type { RunningStage } from '../verify/stage/running-stage.ts';
import type { Incident } from './incident.ts';
import { tracesOf } from './read-traces.ts';
import { simulateUsers } from './users.ts';

/** How a repair went. */
export interface Repair {
  outcome: 'repaired' | 'not-repaired' | 'not-checked';
  /** Traces that were looked at, and how many of them showed it. */
  traces: number;
  symptoms: number;
  /** Why it was not checked. */
  reason?: string;
}

const leastTraces = 20;
/** A busy machine may make a request slow without any incident. */
const tolerated = 0.02;
/** Milliseconds in which a trace becomes complete. */
const settling = 4000;
const betweenReads = 2000;

/**
 * Lets users roll dice for some seconds and looks for the incident's symptoms meanwhile. Without data nothing is repaired.
 * @param seconds how long symptoms must stay away
 */
export async function checkRepair(stage: RunningStage, incident: Incident, seconds: number): Promise<Repair> {
  const reader = tracesOf(stage);
  if ('missing' in reader) return { outcome: 'not-checked', traces: 0, symptoms: 0, reason: reader.missing };
  const from = Date.now();
  const to = from + seconds * 1000;
  const done = new AbortController();
  const users = simulateUsers(stage, { count: 3, seed: `repair/${from}` }, done.signal);
  try {
    // The receiver keeps the newest traces only, so they are read again and again.
    for (; ; await sleep(betweenReads)) {
      const repair = judgeTraces(await reader.read(), { from, to }, incident);
      const isOver = Date.now() > to + (repair.outcome === 'not-checked' ? reader.patience : settling);
      if (isOver) return repair;
    }
  } finally {
    done.abort();
    await users;
  }
}

/** @param window in which the traces begin that count, in milliseconds since 1970 */
export function judgeTraces(spans: Span[], window: { from: number; to: number }, incident: Incident): Repair {
  const traces = [...Map.groupBy(spans, ({ traceId }) => traceId).values()].filter((trace) => {
    const start = Math.min(...trace.map(({ startMs }) => startMs));
    return start >= window.from && start < window.to;
  });
  const symptoms = traces.filter(incident.isSymptom).length;
  const counts = { traces: traces.length, symptoms };
  if (symptoms > traces.length * tolerated) return { outcome: 'not-repaired', ...counts };
  if (traces.length >= leastTraces) return { outcome: 'repaired', ...counts };
  return { outcome: 'not-checked', ...counts, reason: `only ${traces.length} traces have arrived, too few to say` };
}
