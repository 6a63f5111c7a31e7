import { isDeepStrictEqual } from 'node:util';
import type { Fault } from './fault.ts';
import { dependencySections, readPackages, type Package } from './packages.ts';
import { lineOfMatch, type Project } from './project.ts';

interface Lock {
  packages: Record<string, { version?: string; [section: string]: unknown }>;
}

/**
 * Lock files that are missing, that do not match their package.json, that name a registry's host, or that install a
 * second copy of a package that must exist only once.
 */
export function findStaleLocks(project: Project): Fault[] {
  return readPackages(project).flatMap((owner) => {
    const file = owner.file.replace(/package\.json$/, 'package-lock.json');
    const remedy = `Run npm install --package-lock-only in ${owner.folder || 'the root'}.`;
    if (!project.files.includes(file)) return { file: owner.file, line: 1, fault: 'it has no lock file', remedy };
    const text = project.read(file);
    return [...mismatches(owner, file, text, remedy), ...hosts(file, text), ...copies(file, text)];
  });
}

function mismatches({ json }: Package, file: string, text: string, remedy: string): Fault[] {
  const { packages } = JSON.parse(text) as Lock;
  const sections = dependencySections.filter(
    (section) => !isDeepStrictEqual(json[section] ?? {}, packages['']?.[section] ?? {}),
  );
  if (sections.length > 0) {
    const line = lineOfMatch(text, `"${sections[0]}"`);
    return [{ file, line, fault: `its ${sections.join(' and ')} do not match package.json`, remedy }];
  }
  return Object.entries({ ...json.dependencies, ...json.devDependencies })
    .filter(([name, version]) => packages[`node_modules/${name}`]?.version !== version)
    .map(([name, version]) => ({
      ...{ file, line: lineOfMatch(text, `"node_modules/${name}"`), remedy },
      fault: `it does not lock ${name} at ${version}`,
    }));
}

/** A host would make every install depend on the registry that one of us happened to use. */
function hosts(file: string, text: string): Fault[] {
  const [found] = /"resolved": "https?:\/\/[^/"]+/.exec(text) ?? [];
  if (found === undefined) return [];
  return [
    {
      ...{ file, line: lineOfMatch(text, found) },
      fault: `it names a registry's host: ${found.replace(/.*\/\//, '')}`,
      remedy: 'Run npm install --omit-lockfile-registry-resolved there, which leaves the addresses out.',
    },
  ];
}

/** What must exist only once, and what to do about a second copy. */
const onlyOnce: Record<string, string> = {
  // Loader hooks: packages that are loaded through those of another copy are silently not instrumented.
  'import-in-the-middle': 'npm explain import-in-the-middle',
  // A package of the SDK that does not find its version has a copy to itself, and each of fifteen would slow every start.
  '@opentelemetry/core': 'npm explain @opentelemetry/core, then npm dedupe --package-lock-only',
};

function copies(file: string, text: string): Fault[] {
  const { packages } = JSON.parse(text) as Lock;
  return Object.entries(onlyOnce).flatMap(([name, commands]) => {
    const [, second] = Object.keys(packages).filter((path) => `/${path}`.endsWith(`/node_modules/${name}`));
    if (second === undefined) return [];
    return [
      {
        ...{ file, line: lineOfMatch(text, `"${second}"`) },
        fault: `it installs a second copy of ${name}: ${second} ${packages[second]!.version}`,
        remedy: `Set ${name} in package.json to a version that all of its users accept: ${commands}`,
      },
    ];
  });
}
