import { refuseUndeclared } from './declared-keys.ts';
import { Problem } from '../problem.ts';
import { parseDuration } from './duration.ts';
import { parsePort, type PortMapping } from './ports.ts';

export type Condition = 'service_started' | 'service_healthy' | 'service_completed_successfully';

export interface Mount {
  type: 'bind' | 'volume' | 'tmpfs';
  /** A path relative to the stage's folder, or a volume's name. */
  source: string;
  target: string;
  readOnly: boolean;
}

export interface Healthcheck {
  test: string[];
  /** How long Docker would wait for the first success before it calls the service unhealthy, in milliseconds. */
  patience: number;
}

export interface ComposeService {
  name: string;
  containerName: string;
  image?: string;
  build?: { context: string; dockerfile: string };
  command?: string[];
  environment: Record<string, string>;
  ports: PortMapping[];
  mounts: Mount[];
  dependsOn: { service: string; condition: Condition }[];
  healthcheck?: Healthcheck;
  logging?: { driver: string; options: Record<string, string> };
  restart: string;
  profiles: string[];
  /** Milliseconds between SIGTERM and SIGKILL; Docker's default is ten seconds. */
  stopGrace: number;
}

type Tree = Record<string, any>;

/**
 * Reads one service of an interpolated compose file.
 * @param raw the service before interpolation, for the names of port variables
 * @param variables give a value to environment entries that have none
 * @throws Problem for an undeclared key or a form that the runtime cannot read
 */
export function readService(name: string, tree: Tree, raw: Tree, variables: NodeJS.ProcessEnv): ComposeService {
  refuseUndeclared('service', name, tree);
  const service: ComposeService = {
    name,
    containerName: tree.container_name ?? name,
    environment: readEnvironment(tree.environment, variables),
    ports: list(tree.ports).map((port, index) => parsePort(port, raw.ports[index], name)),
    mounts: [...list(tree.volumes).map((mount) => readMount(mount, name)), ...list(tree.tmpfs).map(readTmpfs)],
    dependsOn: readDependencies(tree.depends_on, name),
    restart: tree.restart ?? 'no',
    profiles: list(tree.profiles),
    stopGrace: parseDuration(tree.stop_grace_period ?? '10s'),
  };
  if (tree.image !== undefined) service.image = tree.image;
  if (tree.build !== undefined) service.build = readBuild(tree.build, name);
  if (tree.command !== undefined && tree.command !== null) service.command = readCommand(tree.command, name);
  if (tree.healthcheck !== undefined) Object.assign(service, readHealthcheck(tree.healthcheck, name));
  if (tree.logging !== undefined) service.logging = readLogging(tree.logging, name);
  return service;
}

function list(value: unknown): any[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

function readEnvironment(tree: unknown, variables: NodeJS.ProcessEnv): Record<string, string> {
  const entries: [string, unknown][] = Array.isArray(tree) ? tree.map(environmentPair) : Object.entries(tree ?? {});
  const given = entries.map(([key, value]) => [key, value ?? variables[key]] as const);
  return Object.fromEntries(
    given.filter(([, value]) => value !== undefined).map(([key, value]) => [key, String(value)]),
  );
}

function environmentPair(pair: string): [string, string | undefined] {
  const at = pair.indexOf('=');
  return at < 0 ? [pair, undefined] : [pair.slice(0, at), pair.slice(at + 1)];
}

function readBuild(tree: unknown, name: string): { context: string; dockerfile: string } {
  if (typeof tree === 'string') return { context: tree, dockerfile: 'Dockerfile' };
  refuseUndeclared('build', `${name}.build`, tree);
  return { context: '.', dockerfile: 'Dockerfile', ...(tree as Tree) };
}

function readCommand(tree: unknown, name: string): string[] {
  if (Array.isArray(tree)) return tree.map(String);
  const text = String(tree);
  if (/["'\\|&;<>]/.test(text))
    throw new Problem(`compose.yaml, ${name}: write the command as a list, without a shell.`);
  return text.split(/\s+/).filter(Boolean);
}

function readMount(tree: unknown, name: string): Mount {
  if (typeof tree === 'object') {
    refuseUndeclared('volume', `${name}.volumes`, tree);
    const { type, source, target, read_only } = tree as Tree;
    return { type, source: source ?? '', target, readOnly: read_only ?? false };
  }
  const [source = '', target, mode = 'rw'] = String(tree).split(':');
  if (target === undefined)
    throw new Problem(`compose.yaml, ${name}: the volume "${tree}" needs a source and a target.`);
  return { type: /^[./~]/.test(source) ? 'bind' : 'volume', source, target, readOnly: mode.split(',').includes('ro') };
}

function readTmpfs(target: string): Mount {
  return { type: 'tmpfs', source: '', target: target.split(':', 1)[0]!, readOnly: false };
}

function readDependencies(tree: unknown, name: string): ComposeService['dependsOn'] {
  if (Array.isArray(tree)) return tree.map((service) => ({ service, condition: 'service_started' }));
  return Object.entries((tree ?? {}) as Tree).map(([service, value]) => {
    refuseUndeclared('dependency', `${name}.depends_on.${service}`, value);
    return { service, condition: value.condition ?? 'service_started' };
  });
}

function readHealthcheck(tree: Tree, name: string): { healthcheck?: Healthcheck } {
  refuseUndeclared('healthcheck', `${name}.healthcheck`, tree);
  const test = list(tree.test).map(String);
  if (tree.disable === true || test[0] === 'NONE') return {};
  const [period, interval] = [parseDuration(tree.start_period ?? '0s'), parseDuration(tree.interval ?? '30s')];
  return { healthcheck: { test, patience: period + interval * (tree.retries ?? 3) } };
}

function readLogging(tree: Tree, name: string): NonNullable<ComposeService['logging']> {
  refuseUndeclared('logging', `${name}.logging`, tree);
  return { driver: tree.driver ?? 'json-file', options: tree.options ?? {} };
}
