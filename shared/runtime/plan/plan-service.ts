import { delimiter, dirname, join } from 'node:path';
import type { ComposeService } from '../compose/service.ts';
import { repositoryRoot, stageRunDirectory } from '../places.ts';
import { rewriteAddresses, rewriteEnvironment, type HostNames, type PortTable } from './addresses.ts';
import type { Setting } from './back-ends.ts';
import { placeMounts, rewritePaths, type Place } from './mounts.ts';
import type { PlannedService, Readiness } from './plan.ts';
import type { Program } from './program.ts';

export interface Surroundings {
  stage: string;
  directory: string;
  names: HostNames;
  ports: PortTable;
  /** Services that do not run, so others do not wait for them. */
  missing: Set<string>;
  /** Services that others wait for to end. */
  jobs: Set<string>;
}

type Runnable = Exclude<Program, { kind: 'missing' }>;

/** Resolves one service for this machine: command, environment, mounts, readiness. */
export function planService(service: ComposeService, program: Runnable, around: Surroundings): PlannedService {
  const { name, containerName, restart, stopGrace } = service;
  const places = placesOf(service, program, around);
  const readiness = readinessOf(service, program, around);
  const planned: PlannedService = {
    ...{ name, containerName, restart, stopGrace, readiness, kind: program.kind },
    command: program.command.map((word) =>
      rewritePaths(rewriteAddresses(word, name, around.names, around.ports), places),
    ),
    directory: program.kind === 'own' ? program.directory : join(stageRunDirectory(around.stage), 'root', name),
    environment: environmentOf(service, program, places, around),
    places: places.filter(({ target }) => program.kind !== 'own' || target !== program.workdir),
    dependsOn: service.dependsOn.filter((dependency) => !around.missing.has(dependency.service)),
    job: around.jobs.has(name),
    forwarded: service.logging?.driver === 'fluentd',
    fingerprint: {},
  };
  const [first] = service.ports;
  if (first) planned.url = `${readiness.urls.length > 0 ? 'http://' : ''}127.0.0.1:${first.host}`;
  if (program.kind === 'own') return planned;
  return { ...planned, ...backEndParts(planned, program, setting(service, program, places, around)) };
}

function environmentOf(
  service: ComposeService,
  program: Runnable,
  places: Place[],
  around: Surroundings,
): Record<string, string> {
  const compose = rewriteEnvironment(service.environment, service.name, around.names, around.ports);
  const rewritten = Object.entries(compose).map(([key, value]) => [key, rewritePaths(value, places)]);
  return { ...bareEnvironment(), ...(program.kind === 'own' && program.environment), ...Object.fromEntries(rewritten) };
}

/**
 * What a container would find, not what this shell happens to have set. Node 24 comes first on the PATH, and what our
 * images keep compiled is kept where our tools keep theirs.
 */
function bareEnvironment(): Record<string, string> {
  const { PATH = '', HOME = '/', NODE_COMPILE_CACHE } = process.env;
  const path = [dirname(process.execPath), join(repositoryRoot, 'node_modules/.bin'), PATH].join(delimiter);
  return { PATH: path, HOME, LANG: 'C.UTF-8', ...(NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE }) };
}

function placesOf(service: ComposeService, program: Runnable, around: Surroundings): Place[] {
  const mounts = placeMounts(service, around.stage, around.directory);
  if (program.kind !== 'own' || program.workdir === '/') return mounts;
  return [...mounts, { target: program.workdir, path: program.directory }];
}

function setting(
  service: ComposeService,
  program: Runnable & { binary: string },
  places: Place[],
  around: Surroundings,
): Setting {
  return {
    binary: program.binary,
    port: (container) => around.ports[service.name]?.[container] ?? container,
    place: (target) => {
      const path = rewritePaths(target, places);
      return path === target ? join(stageRunDirectory(around.stage), 'root', service.name, target) : path;
    },
  };
}

function backEndParts(
  planned: PlannedService,
  program: Runnable & { kind: 'back end' },
  own: Setting,
): Partial<PlannedService> {
  const { backEnd, binary } = program;
  const file = planned.command.map((word) => /^--?config(?:\.file)?=(.+)$/.exec(word)?.[1]).find(Boolean);
  return {
    image: backEnd.image,
    ...(backEnd.stopSignal && { stopSignal: backEnd.stopSignal }),
    command: [binary, ...(backEnd.flags?.(own) ?? []), ...planned.command],
    environment: { ...planned.environment, ...backEnd.environment?.(own) },
    ...(file && backEnd.configuration && { configuration: { file, keys: backEnd.configuration(own) } }),
  };
}

/** A health check that asks a URL is asked here too; any other kind needs the container, so the back end's own serves. */
function readinessOf(service: ComposeService, program: Runnable, around: Surroundings): Readiness {
  const patience = service.healthcheck?.patience ?? 60_000;
  const test = service.healthcheck?.test.join(' ') ?? '';
  const urls = [...test.matchAll(/https?:\/\/[^\s'"`)&;|]+/g)]
    .map(([url]) => url)
    .filter((url) => !around.missing.has(around.names[new URL(url).hostname] ?? ''))
    .map((url) => rewriteAddresses(url, service.name, around.names, around.ports));
  if (urls.length > 0 || program.kind === 'own') return { urls, patience };
  const { readyAt, readyLine } = program.backEnd;
  if (readyLine) return { urls, line: readyLine, patience };
  const port = readyAt && (around.ports[service.name]?.[readyAt.port] ?? readyAt.port);
  if (port === undefined) return { urls, patience };
  return readyAt?.path ? { urls: [`http://127.0.0.1:${port}${readyAt.path}`], patience } : { urls, port, patience };
}
