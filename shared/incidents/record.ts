import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runDirectory } from '../runtime/places.ts';
import type { ProcessRecord } from '../runtime/run/processes.ts';
import { catalogue } from './catalogue.ts';
import type { Incident } from './incident.ts';
import { newSalt, seal, unseal } from './seal.ts';

/** The record of a running incident: enough to judge answers and to restore the stage, but not to read what it is. */
export interface Sealed {
  /** The stage's name and folder, and what runs it. */
  stage: string;
  directory: string;
  runtime: 'docker' | 'native';
  /** The process that brings it about. */
  keeper: ProcessRecord;
  /** When it was asked for, in milliseconds since 1970. */
  asked: number;
  salt: string;
  /** Hashes: of the incident's name, and of the second in which it begins. */
  incident: string;
  began: string;
  seed: string;
}

/** An incident begins at most this many seconds after it was asked for. */
const longestLead = 600;
const tolerance = 60;

function recordFile(): string {
  return join(runDirectory(), 'incident.json');
}

export function writeSealed(sealed: Sealed): void {
  mkdirSync(runDirectory(), { recursive: true });
  writeFileSync(recordFile(), JSON.stringify(sealed, undefined, 2), { mode: 0o600 });
}

/** The incident that is running, or was left behind; undefined when there is none. */
export function readSealed(): Sealed | undefined {
  try {
    return JSON.parse(readFileSync(recordFile(), 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

export function removeSealed(): void {
  rmSync(recordFile(), { force: true });
}

/** @param began in milliseconds since 1970 */
export function sealIncident(
  open: Pick<Sealed, 'stage' | 'directory' | 'runtime' | 'keeper' | 'asked'>,
  { incident, began, seed }: { incident: Incident; began: number; seed: string },
): Sealed {
  const salt = newSalt();
  const second = Math.floor(began / 1000);
  return {
    ...open,
    salt,
    incident: seal(salt, 'incident', incident.name),
    began: seal(salt, 'began', second),
    seed: seal(salt, 'seed', seed),
  };
}

/** @throws Error for an incident that this version does not have */
export function incidentOf({ salt, incident }: Pick<Sealed, 'salt' | 'incident'>): Incident {
  const found = unseal(incident, { salt, what: 'incident', values: catalogue, textOf: ({ name }) => name });
  if (!found) throw new Error('incident.json is of another version of this repository.');
  return found;
}

/** The second in which it began, in milliseconds since 1970. */
export function beganAt({ salt, began, asked }: Pick<Sealed, 'salt' | 'began' | 'asked'>): number | undefined {
  return findSecond(began, salt, Math.floor(asked / 1000), longestLead);
}

/** Whether it began within a minute of this moment. @param moment in milliseconds since 1970 */
export function beganNear({ salt, began }: Pick<Sealed, 'salt' | 'began'>, moment: number): boolean {
  return findSecond(began, salt, Math.round(moment / 1000) - tolerance, 2 * tolerance) !== undefined;
}

function findSecond(began: string, salt: string, first: number, count: number): number | undefined {
  const values = Array.from({ length: count + 1 }, (_, index) => first + index);
  const second = unseal(began, { salt, what: 'began', values, textOf: String });
  return second === undefined ? undefined : second * 1000;
}
