import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { basename, join } from 'node:path';
import { readComposeFile } from '../runtime/compose/compose-file.ts';
import { stageDirectory } from '../runtime/places.ts';
import { Problem } from '../runtime/problem.ts';
import { isAlive } from '../runtime/run/processes.ts';
import { runningStage } from '../verify/stage/find-stage.ts';
import { draw, incidentsOf } from './catalogue.ts';
import type { Incident } from './incident.ts';
import type { Order } from './keep.ts';
import type { Report } from './keeper.ts';
import { readSealed } from './record.ts';

export interface Begin {
  runtime?: 'docker' | 'native';
  seed: string;
  /** Milliseconds of ordinary traffic before it; else the seed decides. */
  lead?: number;
}

/** What a keeper needs of our environment. It does not need whatever the command line put there. */
const passedOn = ['PATH', 'HOME', 'DICE_RUN_DIR', 'DOCKER_HOST', 'DOCKER_CONTEXT', 'NODE_COMPILE_CACHE'];

/**
 * Draws an incident, and starts a process that brings it about in a running stage and outlives this one. Returns when
 * the stage is prepared and users roll dice; the incident itself comes later.
 * @returns what was drawn
 * @throws Problem when the stage is not running, has no incidents, or has one already
 */
export async function begin(name: string, { runtime, seed, lead }: Begin): Promise<Incident> {
  refuseSecond();
  const file = readComposeFile(stageDirectory(name));
  if (incidentsOf(file).length === 0)
    throw new Problem(
      `${basename(file.directory)} has no incidents. They start at stage-3, where services call each other.`,
    );
  const stage = await runningStage(name, runtime);
  const drawn = draw(incidentsOf(file, stage.how), seed);
  await startKeeper({
    ...{ stage: name, seed, incident: drawn.incident.name, lead: lead ?? drawn.lead },
    ...(runtime && { runtime }),
  });
  return drawn.incident;
}

function refuseSecond(): void {
  const sealed = readSealed();
  if (!sealed) return;
  const { stage, keeper } = sealed;
  throw new Problem(
    isAlive(keeper)
      ? `An incident is running in ${stage}. Answer: make ${stage} answer, or end it: make ${stage} incident END=1`
      : `An incident in ${stage} was left behind. Restore the stage: make ${stage} incident END=1`,
  );
}

/**
 * Has an order carried out by a process in its own session.
 * @throws Problem with what kept it from starting
 */
export async function startKeeper(order: Order): Promise<void> {
  const env = Object.fromEntries(passedOn.flatMap((key) => (process.env[key] ? [[key, process.env[key]]] : [])));
  const child = fork(join(import.meta.dirname, 'keeper.ts'), { detached: true, stdio: 'ignore', env });
  const interrupt = (): void => void child.once('exit', () => process.exit(130)).kill('SIGTERM');
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  child.send(order);
  const { fault } = await firstReport(child);
  process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  child.unref();
  if (fault !== undefined) throw new Problem(fault);
}

function firstReport(child: ChildProcess): Promise<Report> {
  const ended = once(child, 'exit').then(() => ({ fault: 'The incident could not be prepared. Try again.' }));
  return Promise.race([once(child, 'message').then(([report]): Report => report), ended]);
}
