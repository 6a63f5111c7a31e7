import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseEnv } from 'node:util';
import { Problem } from '../problem.ts';
import { readYaml } from '../read-yaml.ts';
import { refuseUndeclared } from './declared-keys.ts';
import { interpolateTree } from './interpolate.ts';
import { readService, type ComposeService } from './service.ts';

export interface ComposeFile {
  /** The project's name, which is the stage's. */
  name: string;
  /** The folder that relative paths start from. */
  directory: string;
  services: ComposeService[];
}

/**
 * Reads a stage's compose.yaml as Compose would: anchors and merges, variables from the environment and from `.env`.
 * @throws Problem naming what the native runtime does not support
 */
export function readComposeFile(directory: string, environment: NodeJS.ProcessEnv = process.env): ComposeFile {
  const envFile = join(directory, '.env');
  const variables = existsSync(envFile) ? { ...parseEnv(readFileSync(envFile, 'utf8')), ...environment } : environment;
  const raw = readYaml(join(directory, 'compose.yaml'));
  refuseUndeclared('file', 'at the top', raw);
  const tree = interpolateTree(raw, variables);
  const services = Object.keys(tree.services ?? {}).map((name) =>
    readService(name, tree.services[name], raw.services[name], variables),
  );
  checkDependencies(services);
  return { name: tree.name ?? basename(directory), directory, services };
}

/** Without this, a misspelled or circular dependency would wait forever. */
function checkDependencies(services: ComposeService[]): void {
  const byName = new Map(services.map((service) => [service.name, service]));
  const visit = (service: ComposeService, path: string[]): void => {
    if (path.includes(service.name))
      throw new Problem(`compose.yaml: ${[...path, service.name].join(' → ')} is a cycle.`);
    for (const { service: name } of service.dependsOn) {
      const dependency = byName.get(name);
      if (!dependency)
        throw new Problem(`compose.yaml, ${service.name}: it depends on "${name}", which is not a service.`);
      visit(dependency, [...path, service.name]);
    }
  };
  for (const service of services) visit(service, []);
}
