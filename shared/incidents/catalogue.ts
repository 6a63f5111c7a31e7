import seedrandom from 'seedrandom';
import { ownServices } from '../verify/stage/own-services.ts';
import type { ComposeFile } from '../runtime/compose/compose-file.ts';
import { causes, places, type Cause } from './causes.ts';
import type { Incident } from './incident.ts';
import { clientIncidents } from './kinds/clients.ts';
import { databaseIncidents } from './kinds/database.ts';
import { deploymentIncidents } from './kinds/deployments.ts';
import { networkIncidents } from './kinds/network.ts';
import { nothing } from './kinds/nothing.ts';
import { processIncidents } from './kinds/processes.ts';
import { rowIncidents } from './kinds/rows.ts';
import { telemetryIncidents } from './kinds/telemetry.ts';

/** All incidents, including the one in which nothing is wrong. */
export const catalogue: Incident[] = [
  ...rowIncidents,
  ...databaseIncidents,
  ...networkIncidents,
  ...processIncidents,
  ...telemetryIncidents,
  ...clientIncidents,
  ...deploymentIncidents,
  nothing,
];

/** What is drawn: an incident, and when it begins. */
export interface Draw {
  incident: Incident;
  /** Milliseconds of ordinary traffic before it. */
  lead: number;
}

/** The incidents that a stage can have, and that there is none. The front end must be there for its users to complain. */
export function incidentsOf(file: ComposeFile, how: 'Docker' | 'native' = 'native'): Incident[] {
  if (!['frontend', 'dice-roller', 'die-service'].every((name) => file.services.some((one) => one.name === name)))
    return [];
  return catalogue.filter(({ isOfferedBy, nativeOnly }) => isOfferedBy(file) && (how === 'native' || !nativeOnly));
}

/** Draws by a seed: one time in eight nothing is wrong, and otherwise each cause is as likely as any other. */
export function draw(incidents: Incident[], seed: string): Draw {
  const random = seedrandom(`incident/${seed}`);
  const pick = <T>(from: T[]): T => from[Math.floor(random() * from.length)]!;
  const wrong = incidents.filter((incident) => incident !== nothing);
  const lead = Math.round(60_000 + random() * 120_000);
  if (random() < 1 / 8) return { incident: nothing, lead };
  const cause = pick([...new Set(wrong.map((incident) => incident.cause))]);
  return { incident: pick(wrong.filter((incident) => incident.cause === cause)), lead };
}

/** The closed lists that answers are chosen from, with a word on each. */
export function choices(file: ComposeFile): { services: string[]; causes: Cause[] } {
  const back = ['postgres', 'otel-collector'].filter((name) => file.services.some((one) => one.name === name));
  const offered = new Set(incidentsOf(file).map(({ cause }) => cause));
  return {
    services: [...ownServices(file), ...back, ...Object.keys(places)],
    causes: (Object.keys(causes) as Cause[]).filter((cause) => offered.has(cause)),
  };
}
