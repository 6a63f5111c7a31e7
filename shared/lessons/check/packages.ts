import { dirname } from 'node:path/posix';
import { readLined, type LinedText } from '../yaml-lines.ts';
import type { Project } from './project.ts';

export const dependencySections = [
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'peerDependencies',
] as const;
export type DependencySection = (typeof dependencySections)[number];

/** A package.json of this repository. */
export interface Package {
  /** Its path, from the repository's root. */
  file: string;
  /** Its folder; empty for the root's. */
  folder: string;
  json: { [section in DependencySection]?: Record<string, string> } & Record<string, unknown>;
  lines: LinedText;
}

/** Every package of the repository, the root's first; what tests use as examples does not count. */
export function readPackages({ files, read }: Project): Package[] {
  return files
    .filter((file) => /(^|\/)package\.json$/.test(file) && !/(^|\/)(test|fixtures)\//.test(file))
    .sort((one, other) => Number(one.includes('/')) - Number(other.includes('/')) || one.localeCompare(other))
    .map((file) => {
      const lines = readLined(read(file));
      return { file, folder: dirname(file).replace(/^\.$/, ''), json: lines.value, lines };
    });
}

/** One dependency as a package declares it. */
export interface Declared {
  owner: Package;
  section: DependencySection;
  name: string;
  version: string;
  line: number;
}

/** All that a package declares. */
export function declaredBy(owner: Package): Declared[] {
  return dependencySections.flatMap((section) =>
    Object.entries(owner.json[section] ?? {}).map(([name, version]) => ({
      ...{ owner, section, name, version },
      line: owner.lines.lineOf([section, name]),
    })),
  );
}
