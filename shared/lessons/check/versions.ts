import type { Fault } from './fault.ts';
import { declaredBy, readPackages, type Declared } from './packages.ts';
import type { Project } from './project.ts';

/** Versions that are not exact, that differ between packages, and what the root's package.json does not hold. */
export function findUnequalPackages(project: Project): Fault[] {
  const declared = readPackages(project).flatMap(declaredBy);
  return [...declared.flatMap(inexact), ...unequal(declared), ...missingAtTheRoot(declared)];
}

function inexact({ owner, name, version, line }: Declared): Fault[] {
  if (/^\d+\.\d+\.\d+(-[\w.-]+)?$/.test(version)) return [];
  const remedy = `Write the version that the lock file has, then run npm install in ${owner.folder || 'the root'}.`;
  return [{ file: owner.file, line, fault: `${name} is "${version}", which is not an exact version`, remedy }];
}

function unequal(declared: Declared[]): Fault[] {
  // The root's comes first, so the others are compared with it.
  return [...Map.groupBy(declared, ({ name }) => name).values()].flatMap(([first, ...others]) =>
    others
      .filter(({ version }) => version !== first!.version)
      .map(({ owner, name, version, line }) => ({
        ...{ file: owner.file, line },
        fault: `${name} is ${version} here, and ${first!.version} in ${first!.owner.file}:${first!.line}`,
        remedy: `Use one version everywhere: npm install --save-exact ${name}@${first!.version} in ${owner.folder || 'the root'}.`,
      })),
  );
}

function missingAtTheRoot(declared: Declared[]): Fault[] {
  const root = new Set(declared.filter(({ owner }) => owner.folder === '').map(({ name }) => name));
  const missing = Map.groupBy(
    declared.filter(({ name }) => !root.has(name)),
    ({ name }) => name,
  );
  return [...missing.values()].map(([first]) => ({
    ...{ file: first!.owner.file, line: first!.line },
    fault: `${first!.name} is not in the package.json at the root, which must list everything that any package needs`,
    remedy: `Run npm install --save-exact${first!.section === 'devDependencies' ? ' --save-dev' : ''} ${first!.name}@${first!.version} at the root.`,
  }));
}
