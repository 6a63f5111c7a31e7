/** What may be wrong: the closed list that CAUSE is chosen from, with what each means. */
export const causes = {
  'wrong-data': 'a row of the database is missing or says something wrong',
  lock: 'a client of the database locks what others need',
  connections: 'a client uses up all connections of the database',
  'slow-network': 'data from one service to another is delayed on the way',
  'lossy-network': 'connections between two services break',
  'frozen-process': 'a process stops for seconds, again and again, and does nothing at all until it continues',
  'starved-cpu': 'a process runs, but gets too little CPU time',
  'lost-telemetry': 'the spans of a service are lost on the way',
  'bad-client': 'a client asks again and again for something that does not exist',
  flood: 'one client sends far more than all others together',
  'bad-deployment': 'a service was replaced by a version that does not do its job',
  none: 'nothing is wrong',
} as const;

export type Cause = keyof typeof causes;

/** Where it can be, besides the services of the stage: outside of them, or nowhere. */
export const places = { client: 'a client outside the stage', none: 'nothing is wrong' } as const;
