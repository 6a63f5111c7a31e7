import { having, type Incident } from '../incident.ts';
import { aborted } from '../scene/pause.ts';
import type { Disturbance } from '../scene/relay.ts';
import { callsOf, gap, isUnanswered, queriesOf } from '../symptoms.ts';

const nativeOnly = 'nothing sits between two containers that could disturb them';

/** Disturbs what one service sends to another. A service that is restarted no longer goes through our relay. */
function between(from: string, to: string, disturbance: Disturbance): Incident['run'] {
  return async ({ relay }, signal) => {
    relay(from, to).disturb(disturbance);
    await aborted(signal);
    relay(from, to).disturb({});
  };
}

const slowLook = {
  service:
    'Compare the two spans of each call, at the caller and at the called service. Between which two is there a gap?',
  cause: 'Ask the called service directly (curl …/healthz). Is it as slow as it is for its caller?',
  trace: 'Choose a trace whose long span has no child that accounts for its duration.',
};

const slowCalls = [
  ['dice-roller', 'die-service'],
  ['frontend', 'dice-roller'],
].map(([from = '', to = '']): Incident => ({
  name: `slow from ${from} to ${to}`,
  cause: 'slow-network',
  services: [from, to],
  complaint: 'Rolling feels sluggish today. It works, but I have to wait longer than usual.',
  isOfferedBy: having(from, to),
  nativeOnly,
  run: between(from, to, { delay: 300 }),
  isSymptom: (spans) => gap(from, to, spans) > 250,
  look: slowLook,
}));

const slowQueries: Incident = {
  name: 'slow from die-service to postgres',
  cause: 'slow-network',
  services: ['die-service', 'postgres'],
  complaint: 'Rolling feels sluggish today. It works, but I have to wait longer than usual.',
  isOfferedBy: having('die-service', 'postgres'),
  nativeOnly,
  run: between('die-service', 'postgres', { delay: 150 }),
  isSymptom: (spans) => queriesOf('die-service', spans).some((query) => query.durationMs > 200),
  look: {
    ...slowLook,
    cause:
      'The database keeps its own time of each query ("Query Time" and pg_stat_statements). Compare it with the spans.',
  },
};

const brokenCalls = [
  ['dice-roller', 'die-service'],
  ['frontend', 'dice-roller'],
].map(([from = '', to = '']): Incident => ({
  name: `broken from ${from} to ${to}`,
  cause: 'lossy-network',
  services: [from, to],
  complaint: 'One roll in five or so fails at once. When I try again, it works.',
  isOfferedBy: having(from, to),
  nativeOnly,
  run: between(from, to, { breaks: 0.2 }),
  isSymptom: (spans) => callsOf(from, spans).some((call) => isUnanswered(call) && call.durationMs < 300),
  look: {
    service: 'Find the deepest span with an error. Did the service that it calls take part at all?',
    cause: 'Read error.type of the failed call, and see how long it took and what the called service says about it.',
    trace: 'Search for traces with an error in which no service caused the 500 itself.',
  },
}));

export const networkIncidents = [...slowCalls, slowQueries, ...brokenCalls];
