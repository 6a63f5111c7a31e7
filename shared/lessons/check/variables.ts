import { join, normalize } from 'node:path/posix';
import { readLined, type LinedText } from '../yaml-lines.ts';
import type { Fault } from './fault.ts';
import { known } from './known.ts';
import type { Project } from './project.ts';
import { isSource, readSource } from './source.ts';

type ComposeService = {
  image?: string;
  build?: string | { context: string };
  environment?: Record<string, unknown> | string[];
};

/** Variables that a stage's compose files set and nothing reads. */
export function findUnreadVariables(project: Project): Fault[] {
  return project.stages.flatMap((stage) => {
    const pattern = new RegExp(`^${stage}/compose(\\.\\w+)?\\.yaml$`);
    const files = project.files.filter((file) => pattern.test(file));
    const composed = files.map((file) => ({ file, lines: readLined(project.read(file)) }));
    const all: Record<string, ComposeService> = Object.assign({}, ...composed.map(servicesOf).reverse());
    return composed.flatMap(({ file, lines }) =>
      Object.entries(servicesOf({ lines })).flatMap(([name, service]) =>
        unread(project, stage, file, lines, name, { ...all[name], ...service }),
      ),
    );
  });
}

function servicesOf({ lines }: { lines: LinedText }): Record<string, ComposeService> {
  return lines.value?.services ?? {};
}

function unread(
  project: Project,
  stage: string,
  file: string,
  lines: LinedText,
  name: string,
  service: ComposeService,
): Fault[] {
  const { environment = {} } = service;
  const variables = Array.isArray(environment)
    ? environment.map((each) => each.split('=')[0]!)
    : Object.keys(environment);
  const reads = readerOf(project, stage, service);
  return variables
    .filter((variable) => !reads(variable))
    .map((variable) => ({
      ...{ file, line: lineOf(project.read(file), lines, name, variable) },
      fault: `${name} is given ${variable}, which nothing in it reads`,
      remedy: service.build
        ? `Read it in the service's config file, or remove it.`
        : `Remove it; if the image does read it, list it in shared/lessons/check/known.yaml with its source.`,
    }));
}

function readerOf(
  { files, read }: Project,
  stage: string,
  { image, build }: ComposeService,
): (variable: string) => boolean {
  const context = typeof build === 'string' ? build : build?.context;
  const folder = context === undefined ? undefined : normalize(join(stage, context));
  const own = files.filter((file) => folder && file.startsWith(`${folder}/`) && !file.includes('/test/'));
  const names = new Set(own.filter(isSource).flatMap((file) => [...readSource(file, read(file)).names]));
  const packages = own.filter((file) => file === `${folder}/package.json`).map((file) => JSON.parse(read(file)));
  const has = (name: string): boolean =>
    folder !== undefined && (name === 'node' || packages.some(({ dependencies = {} }) => name in dependencies));
  const others = known.variables.filter(
    (each) => (each.image && image?.split(':')[0] === each.image) || (each.package && has(each.package)),
  );
  return (variable) => names.has(variable) || others.some(({ name }) => name.test(variable));
}

/** A variable that comes through an anchor is elsewhere in the file. */
function lineOf(text: string, lines: LinedText, service: string, variable: string): number {
  const own = lines.lineOf(['services', service, 'environment', variable]);
  const rows = text.split('\n');
  const names = new RegExp(`^\\s*(- )?["']?${variable}\\b`);
  return names.test(rows[own - 1] ?? '') ? own : rows.findIndex((row) => names.test(row)) + 1 || own;
}
