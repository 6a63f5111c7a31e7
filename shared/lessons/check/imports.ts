import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path/posix';
import type { Fault } from './fault.ts';
import { readPackages, type Package } from './packages.ts';
import type { Project } from './project.ts';
import { isSource, readSource, type Import } from './source.ts';

/**
 * Imports that their own package does not declare: the look-up in parent folders, which finds the root's packages, hides
 * them until the service's image is built. Imports that leave a stage's package are faults too.
 */
export function findUndeclaredImports(project: Project): Fault[] {
  const packages = readPackages(project);
  return project.files.filter(isSource).flatMap((file) => {
    const owner = ownerOf(packages, file);
    if (!owner) return [];
    return readSource(file, project.read(file)).imports.flatMap((each) => faultOf(owner, file, each) ?? []);
  });
}

function ownerOf(packages: Package[], file: string): Package | undefined {
  return packages.findLast(({ folder }) => folder === '' || file.startsWith(`${folder}/`));
}

function faultOf(owner: Package, file: string, each: Import): Fault | undefined {
  const { specifier, line } = each;
  if (specifier.startsWith('.')) {
    if (owner.folder === '' || join(dirname(file), specifier).startsWith(`${owner.folder}/`)) return undefined;
    const remedy = 'Copy what is needed: a package works without what is around it.';
    return { file, line, fault: `the import of ${specifier} leaves ${owner.folder}`, remedy };
  }
  // "#name" is declared by "imports", "@/name" by tsconfig.json: both stay inside the package.
  if (isBuiltin(specifier) || /^(#|@\/)/.test(specifier)) return undefined;
  return undeclared(owner, file, each);
}

function undeclared(owner: Package, file: string, { specifier, line, typeOnly }: Import): Fault | undefined {
  const name = /^(@[^/]+\/)?[^/]+/.exec(specifier)![0];
  const { dependencies = {}, devDependencies = {}, optionalDependencies = {} } = owner.json;
  const forTesting = owner.folder === '' || typeOnly || /(^|\/)test\//.test(file);
  if (name in dependencies || name in optionalDependencies) return undefined;
  const types = `@types/${name.replace(/^@(.*)\//, '$1__')}`;
  if (forTesting && (name in devDependencies || (typeOnly && types in devDependencies))) return undefined;
  const where = forTesting ? 'devDependencies' : 'dependencies';
  return {
    ...{ file, line, fault: `${name} is imported, and not in the ${where} of ${owner.file}` },
    remedy: `Run npm install --save-exact${forTesting ? ' --save-dev' : ''} ${name} in ${owner.folder || 'the root'}.`,
  };
}
