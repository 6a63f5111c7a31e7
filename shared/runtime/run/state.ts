import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { runDirectory, stateFile } from '../places.ts';
import type { PortTable } from '../plan/addresses.ts';
import type { Fingerprint } from '../plan/fingerprint.ts';
import { groupIsAlive, isAlive, type ProcessRecord } from './processes.ts';

export type Status =
  'waiting' | 'starting' | 'ready' | 'restarting' | 'crashed' | 'completed' | 'missing' | 'stopped' | 'paused';

export interface ServiceState {
  name: string;
  status: Status;
  process?: ProcessRecord;
  url?: string;
  /** What a missing service costs, or how a crashed one ended. */
  note?: string;
  /** How its last life ended, in words. */
  ended?: string;
  /** Milliseconds that it has to exit. */
  stopGrace: number;
  /** What it was started from: `Fingerprint` of its plan. */
  fingerprint?: Fingerprint;
}

/** What every command knows of the running stage; the file exists exactly while one is recorded. */
export interface State {
  stage: string;
  directory: string;
  phase: 'starting' | 'ready' | 'failed' | 'stopping';
  /** Why `up` failed, with the last lines of what failed. */
  failure?: string;
  /** The process that owns all others; until it has recorded itself, the `up` that starts it. */
  supervisor: ProcessRecord;
  services: ServiceState[];
  /** What cannot change while it is running: `frameOf` its plan. */
  frame: string;
  ports: PortTable;
  receiver?: string;
  /** Set when someone stopped or paused the receiver, which is possible as with any service. */
  receiverStatus?: 'ready' | 'stopped' | 'paused';
  page?: string;
  /** What people should know, so that they do not look for something that is not there. */
  notes?: string[];
}

/** The recorded stage, or undefined when none is. */
export function readState(): State | undefined {
  try {
    return JSON.parse(readFileSync(stateFile(), 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Records a stage if none is recorded, so that only one of two that start at once does.
 * @returns whether the place was free
 */
export function claimState(state: State): boolean {
  mkdirSync(runDirectory(), { recursive: true });
  try {
    writeFileSync(stateFile(), JSON.stringify(state), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Replaces the record in one step, so that a reader never sees half of it. */
export function writeState(state: State): void {
  const next = `${stateFile()}.${process.pid}`;
  writeFileSync(next, JSON.stringify(state, undefined, 2));
  renameSync(next, stateFile());
}

export function removeState(): void {
  rmSync(stateFile(), { force: true });
}

/** Services of a record that still have a living process, though perhaps no supervisor. */
export function livingServices(state: State): (ServiceState & { process: ProcessRecord })[] {
  return state.services.filter(
    (service): service is ServiceState & { process: ProcessRecord } =>
      service.process !== undefined && groupIsAlive(service.process),
  );
}

/** Whether anything of the record still runs. */
export function isRunning(state: State): boolean {
  return isAlive(state.supervisor) || livingServices(state).length > 0;
}
