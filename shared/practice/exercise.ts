import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as z from 'zod';
import { repositoryRoot } from '../runtime/places.ts';
import { Problem } from '../runtime/problem.ts';
import { readYaml } from '../runtime/read-yaml.ts';

const steps = z.tuple([z.string().min(1), z.string().min(1), z.string().min(1)]);
/** Part of a finding of verify: whatever holds all of this is what the hint is for. */
const pattern = z.strictObject({
  code: z.string(),
  place: z.record(z.string(), z.string()).optional(),
  arguments: z.record(z.string(), z.unknown()).optional(),
});
const patterns = z.union([pattern, z.array(pattern).min(1)]).transform((given) => [given].flat());

/** Wrong answers that are often given: the query that gives the same, and what helps. */
const mistakes = z.record(z.string(), z.strictObject({ query: z.string(), steps }));

const settings = z.strictObject({
  title: z.string(),
  difficulty: z.union([z.literal(1), z.literal(2), z.literal(3)]),
  minutes: z.number().int().positive(),
  /** What must be added, changed or gone: see amend.ts. */
  contract: z.record(z.string(), z.unknown()).optional(),
  /** The back end without which it cannot be checked: nothing in its place does what the exercise asks for. */
  needs: z.string().optional(),
  /**
   * Restarts a service while it gets requests for this path: the telemetry of those that it answered must still arrive.
   */
  restart: z.strictObject({ service: z.string(), path: z.string() }).optional(),
  hints: z.record(z.string(), z.strictObject({ for: patterns, steps })).default({}),
  /** A question about the learner's own data: a PromQL query whose single number is the right answer. */
  answer: z
    .strictObject({
      query: z.string(),
      /** How far an answer may be off, in its own unit. */
      tolerance: z.number().nonnegative(),
      mistakes,
      steps,
    })
    .optional(),
  /** A panel of the dashboard, by its title: it must ask Prometheus for the same as this PromQL query. */
  panel: z.strictObject({ title: z.string(), query: z.string(), missing: steps, mistakes, steps }).optional(),
});

export type Steps = z.infer<typeof steps>;
export type Pattern = z.infer<typeof pattern>;

/** One exercise, as its files in exercises/ describe it. */
export interface Exercise extends z.infer<typeof settings> {
  stage: string;
  name: string;
  /** The task, in Markdown. */
  task: string;
  /** The bug to repair, as a patch from the repository's root; absent where there is none. */
  bug?: string;
}

const root = join(import.meta.dirname, 'exercises');

/** All exercises of a stage, the easiest first. */
export function exercisesOf(stage: string): Exercise[] {
  const names = globSync('*.yaml', { cwd: join(root, stage) }).map((file) => basename(file, '.yaml'));
  const exercises = names.map((name) => readExercise(stage, name));
  return exercises.sort((a, b) => a.difficulty - b.difficulty || a.minutes - b.minutes || (a.name < b.name ? -1 : 1));
}

/**
 * One exercise of a stage.
 * @throws Problem with the names that there are
 */
export function findExercise(stage: string, name: string): Exercise {
  const exercises = exercisesOf(stage);
  const found = exercises.find((exercise) => exercise.name === name);
  if (found) return found;
  const names = exercises.map((exercise) => exercise.name).join(', ') || 'none';
  throw new Problem(`${stage} has no exercise named "${name}". Exercises: ${names}.`);
}

function readExercise(stage: string, name: string): Exercise {
  const file = (extension: string): string => join(root, stage, `${name}.${extension}`);
  const result = settings.safeParse(readYaml(file('yaml')));
  if (!result.success) throw new Problem(`${file('yaml')} cannot be read:\n${z.prettifyError(result.error)}`);
  const bug = existsSync(file('patch')) && readFileSync(file('patch'), 'utf8');
  return { ...result.data, stage, name, task: readFileSync(file('md'), 'utf8').trim(), ...(bug && { bug }) };
}

/** The page with the solution, from the repository's root. */
export function solutionPage({ stage, name }: Pick<Exercise, 'stage' | 'name'>): string {
  return `docs/solutions/${stage}/${name}.md`;
}

/** The patch in that page: its one block of `diff`. Questions have none. */
export function solutionPatch(exercise: Exercise): string | undefined {
  const text = readFileSync(join(repositoryRoot, solutionPage(exercise)), 'utf8');
  return /^```diff\n(.*?)^```$/ms.exec(text)?.[1];
}
