import type postgres from 'postgres';
import { openDatabase } from '../../verify/stage/database.ts';
import { having, type Incident } from '../incident.ts';
import { pause } from '../scene/pause.ts';
import type { Scene } from '../scene/scene.ts';
import { has, queriesOf } from '../symptoms.ts';

const client = 'nightly-report';
const needs = having('postgres', 'die-service');

/** @param onclose hears that the server, or somebody on it, has ended the connection */
function connect({ stage }: Scene, onclose: () => void): ReturnType<typeof postgres> {
  return openDatabase(stage, { max: 1, onclose, connect_timeout: 2, connection: { application_name: client } });
}

const look = {
  service: 'Follow a failed trace to its last span. Which side of that call did not do its part?',
  cause: 'Read the error code of the query, look it up, and ask the database what its sessions do (pg_stat_activity).',
  trace: 'Search for traces with an error, and choose one in which a query failed.',
};

const lock: Incident = {
  name: 'table locked by a report',
  cause: 'lock',
  services: ['postgres'],
  complaint: 'Every now and then nothing works for some seconds, and then all is well again.',
  isOfferedBy: needs,
  run: async (scene, signal) => {
    const ended = new AbortController();
    const sql = connect(scene, () => ended.abort());
    const until = AbortSignal.any([signal, ended.signal]);
    try {
      while (!until.aborted) {
        await sql.begin(async (transaction) => {
          await transaction`LOCK TABLE die_specifications`;
          await pause(8000, until);
        });
        await pause(4000, until);
      }
    } catch {
      // Somebody ended the session, or the database.
    } finally {
      await sql.end({ timeout: 1 });
    }
  },
  isSymptom: (spans) => queriesOf('die-service', spans).some((query) => has(query, 'error.type', '57014')),
  look,
};

const connections: Incident = {
  name: 'connections used up by a report',
  cause: 'connections',
  services: ['postgres'],
  complaint: 'For a while now, most of my rolls have been failing. Waiting does not help.',
  isOfferedBy: needs,
  nativeOnly: 'a hundred connections need more memory than the container may have',
  run: async (scene, signal) => {
    const ended = new AbortController();
    const until = AbortSignal.any([signal, ended.signal]);
    const taken = new Set<ReturnType<typeof postgres>>();
    while (!until.aborted) {
      await takeAll(scene, taken, () => ended.abort(), until);
      await pause(1000, until);
    }
    await Promise.all([...taken].map((sql) => sql.end({ timeout: 1 })));
  },
  isSymptom: (spans) => queriesOf('die-service', spans).some((query) => has(query, 'error.type', '53300')),
  look,
};

/** Takes connections until there are no more, those of die-service too. */
async function takeAll(
  scene: Scene,
  taken: Set<ReturnType<typeof postgres>>,
  onclose: () => void,
  signal: AbortSignal,
): Promise<void> {
  const [first] = taken;
  await first?.unsafe("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'die-service'");
  while (!signal.aborted) {
    let refused = false;
    const sql = connect(scene, () => refused || onclose());
    try {
      await sql`SELECT 1`;
      taken.add(sql);
    } catch {
      refused = true;
      return void sql.end({ timeout: 0 });
    }
  }
}

export const databaseIncidents = [lock, connections];
