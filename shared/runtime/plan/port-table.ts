import type { ComposeService } from '../compose/service.ts';
import { portReferences, type HostNames, type PortTable } from './addresses.ts';
import { alternativePort } from './free-ports.ts';
import { placeMounts, textFiles } from './mounts.ts';
import type { Program } from './program.ts';

/** Every name that reaches a service within the stage. */
export function hostNames(services: ComposeService[]): HostNames {
  return Object.fromEntries(
    services.flatMap(({ name, containerName }) => [
      [name, name],
      [containerName, name],
    ]),
  );
}

/**
 * Gives every container port that is published, or that anything in the stage refers to, a port of this machine: the
 * published one, else the one that it already has, else an alternative. Two containers may both have a port 4317; two processes may not.
 */
export async function makePortTable(
  stage: string,
  directory: string,
  services: ComposeService[],
  programs: Map<string, Program>,
  known: PortTable = {},
): Promise<PortTable> {
  const table: PortTable = {};
  for (const { name, ports } of services) {
    table[name] = Object.fromEntries(ports.map(({ container, host }) => [container, host]));
  }
  const used = new Set(Object.values(table).flatMap((ports) => Object.values(ports)));
  const names = hostNames(services);
  for (const service of services) {
    const texts = [...textsOf(service), ...mountedTexts(service, stage, directory)];
    const references = texts.flatMap((text) => portReferences(text, service.name, names));
    const program = programs.get(service.name);
    const own = program?.kind === 'back end' ? (program.backEnd.ports ?? []) : [];
    for (const { service: name, port } of [...references, ...own.map((port) => ({ service: service.name, port }))]) {
      table[name]![port] ??= known[name]?.[port] ?? (await alternativePort(port, used));
    }
  }
  return table;
}

function textsOf(service: ComposeService): string[] {
  return [...Object.values(service.environment), ...(service.command ?? []), ...(service.healthcheck?.test ?? [])];
}

function mountedTexts(service: ComposeService, stage: string, directory: string): string[] {
  const copied = placeMounts(service, stage, directory).flatMap(({ copyOf }) => (copyOf ? [copyOf] : []));
  return copied.flatMap((path) => [...textFiles(path)].map(({ text }) => text));
}
