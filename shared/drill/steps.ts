import { readComposeFile } from '../runtime/compose/compose-file.ts';
import { Problem } from '../runtime/problem.ts';
import type { Step } from './step.ts';
import { collectorStopped } from './steps/collector-stopped.ts';
import { databaseKilled, databaseStopped } from './steps/database-stopped.ts';
import { dieServiceRestarted } from './steps/die-service-restarted.ts';
import { dieServiceStopped } from './steps/die-service-stopped.ts';
import { hostile } from './steps/hostile.ts';
import { sigkill } from './steps/sigkill.ts';
import { sigterm } from './steps/sigterm.ts';

/** In order. Hostile requests come first: their methods stay in /metrics until the service restarts. */
const all: Step[] = [
  hostile,
  collectorStopped,
  sigterm,
  sigkill,
  dieServiceStopped,
  databaseStopped,
  databaseKilled,
  dieServiceRestarted,
];

/**
 * The steps of a stage: those whose services it has.
 * @param only the names of those that are wanted
 * @throws Problem for a name that no step of the stage has
 */
export function stepsOf(directory: string, only: string[] = []): Step[] {
  const services = readComposeFile(directory).services.map(({ name }) => name);
  const steps = all.filter(({ needs }) => needs.every((name) => services.includes(name)));
  const unknown = only.filter((name) => !steps.some((step) => step.name === name));
  if (unknown.length > 0) {
    throw new Problem(
      `There is no step ${unknown.join(', ')}. There are: ${steps.map(({ name }) => name).join(', ')}.`,
    );
  }
  return only.length === 0 ? steps : steps.filter(({ name }) => only.includes(name));
}
