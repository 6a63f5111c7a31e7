import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { rewriteAddresses, type HostNames, type PortTable } from '../plan/addresses.ts';
import { rewritePaths, writePlaces } from '../plan/mounts.ts';
import type { PlannedService } from '../plan/plan.ts';
import type { SpawnAs } from './child.ts';
import { preparePostgres } from './postgres.ts';

/** Writes a service's folders and its rewritten configuration. */
export function writeFiles(planned: PlannedService, names: HostNames, ports: PortTable): void {
  const { name, places, configuration, directory } = planned;
  writePlaces(places, (text) => rewritePaths(rewriteAddresses(text, name, names, ports), places));
  if (planned.kind === 'back end') mkdirSync(directory, { recursive: true });
  if (configuration) setKeys(configuration.file, configuration.keys);
}

/** Sets keys of a YAML file and keeps the rest, comments included. */
function setKeys(file: string, keys: [path: string[], value: string | number][]): void {
  const document = parseDocument(readFileSync(file, 'utf8'));
  for (const [path, value] of keys) document.setIn(path, value);
  writeFileSync(file, String(document));
}

/** What to start for a service, after doing what its image's entrypoint would do first. */
export async function prepareStart(planned: PlannedService): Promise<SpawnAs> {
  return planned.image === 'postgres' ? preparePostgres(planned) : { command: planned.command };
}
