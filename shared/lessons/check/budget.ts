import { manifestPath, matchesAny, type Manifest } from '../manifest.ts';
import type { Change, Step } from '../steps.ts';
import type { Fault } from './fault.ts';
import type { Project } from './project.ts';

type Limit = Manifest['steps'][number]['exceptions'][number]['limit'];

/** One limit of one step, in lines. */
export interface Measure {
  step: Step;
  limit: Limit;
  /** The new package, for `new_service`. */
  service?: string;
  used: number;
  /** The file that has most of it. */
  largest?: string;
  allowed: number;
  exception: number | undefined;
}

/** How much of its budget each step uses. */
export function measureSteps(project: Project): Measure[] {
  return project.steps.flatMap((step) => measureStep(project, step));
}

/** Steps over their budget, and exceptions that no step needs. */
export function findOverBudget(project: Project): Fault[] {
  const measures = measureSteps(project);
  return [...measures.flatMap(overBudget), ...needlessExceptions(project, measures)];
}

function measureStep({ files, manifest }: Project, step: Step): Measure[] {
  const { budget, not_counted } = manifest;
  const old = packagesIn(files, step.before);
  const services = old.filter((name) => name !== 'traffic');
  const fresh = packagesIn(files, step.stage).filter((name) => !old.includes(name));
  const changes = step.changes.filter(({ path }) => !matchesAny(path, not_counted));
  const inside = (names: string[]): Change[] => changes.filter(({ path }) => names.includes(path.split('/')[0]!));
  return [
    measure(step, 'added', inside(services), budget.added),
    measure(step, 'deleted', inside(services), usualDeleted(manifest)),
    ...(old.includes('traffic') ? [measure(step, 'traffic', inside(['traffic']), budget.traffic)] : []),
    ...fresh.map((name) => measure(step, 'new_service', inside([name]), budget.new_service, name)),
  ];
}

function usualDeleted({ budget }: Manifest): number {
  return Math.floor(budget.added * budget.deleted_share);
}

function measure(step: Step, limit: Limit, changes: Change[], usual: number, service?: string): Measure {
  const side = limit === 'deleted' ? 'deleted' : 'added';
  const found = step.manifest.exceptions.findIndex((each) => each.limit === limit && each.service === service);
  return {
    ...{ step, limit, service },
    used: changes.reduce((total, change) => total + change[side], 0),
    largest: changes.toSorted((one, other) => other[side] - one[side])[0]?.path,
    allowed: step.manifest.exceptions[found]?.value ?? usual,
    exception: found < 0 ? undefined : found,
  };
}

/** The packages of a stage or of the baseline, by the names of their folders. */
function packagesIn(files: string[], folder: string): string[] {
  const file = new RegExp(`^${folder}/([^/]+)/package\\.json$`);
  return files.flatMap((path) => file.exec(path)?.[1] ?? []);
}

function overBudget({ step, limit, service, used, largest, allowed }: Measure): Fault[] {
  if (used <= allowed) return [];
  const what = {
    added: `adds ${used} lines to existing services`,
    deleted: `deletes ${used} lines of existing services`,
    traffic: `adds ${used} lines to the traffic programs`,
    new_service: `has ${used} lines in its new package ${service}`,
  }[limit];
  return [
    {
      ...{ file: `${step.stage}/${largest}`, line: 1 },
      fault: `${step.stage} ${what}, most of them here, and ${allowed} is the limit`,
      remedy: `Make the lesson smaller, or give the step an exception in ${manifestPath} with its reason.`,
    },
  ];
}

function needlessExceptions({ manifest, manifestLines, steps }: Project, measures: Measure[]): Fault[] {
  const usual = { ...manifest.budget, deleted: usualDeleted(manifest) };
  return steps.flatMap((step) =>
    step.manifest.exceptions.flatMap(({ limit }, index) => {
      const measured = measures.find((each) => each.step === step && each.exception === index);
      if (measured && measured.used > usual[limit]) return [];
      return {
        file: manifestPath,
        line: manifestLines.lineOf(['steps', step.index, 'exceptions', index]),
        fault: `${step.stage} needs no exception for "${limit}": the usual limit is ${usual[limit]}, it has ${measured?.used ?? 0}`,
        remedy: 'Remove the exception.',
      };
    }),
  );
}
