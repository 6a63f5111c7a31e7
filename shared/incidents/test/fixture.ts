import { join } from 'node:path';
import { readComposeFile, type ComposeFile } from '../../runtime/compose/compose-file.ts';
import { repositoryRoot } from '../../runtime/places.ts';
import type { Span } from '../../runtime/receiver/model.ts';
import { catalogue } from '../catalogue.ts';
import type { Incident } from '../incident.ts';
import { sealIncident, type Sealed } from '../record.ts';

export const stages = ['stage-3', 'stage-4', 'stage-5', 'stage-6'];
/** Milliseconds since 1970. */
export const began = Date.parse('2026-11-26T14:05:00Z');

export function fileOf(stage: string): ComposeFile {
  return readComposeFile(join(repositoryRoot, stage), {});
}

export function incidentNamed(name: string): Incident {
  const found = catalogue.find((incident) => incident.name === name);
  if (!found) throw new Error(`There is no incident ${name}.`);
  return found;
}

/** The record of an incident that is running in stage-5. */
export function sealed(incident: Incident): Sealed {
  const keeper = { pid: process.pid, startedAs: 'test' };
  const open = { stage: 'stage-5', directory: join(repositoryRoot, 'stage-5'), runtime: 'native', keeper } as const;
  return sealIncident({ ...open, asked: began - 60_000 }, { incident, began, seed: '7' });
}

/** A span that ended a second after the incident had begun. */
export function span(part: Partial<Span>): Span {
  return {
    ...{ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), service: 'die-service', name: 'SELECT', kind: 'CLIENT' },
    ...{ startMs: began, durationMs: 1000, status: 'UNSET', attributes: {}, events: [] },
    ...part,
  };
}
