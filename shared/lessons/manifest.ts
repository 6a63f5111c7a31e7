import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import picomatch from 'picomatch';
import { z } from 'zod';
import { messageOf, Problem } from '../runtime/problem.ts';
import { readLined, type LinedText } from './yaml-lines.ts';

export const manifestPath = 'shared/stages.yaml';

const globs = z.array(z.string()).default([]);

const exception = z.strictObject({
  limit: z.enum(['added', 'deleted', 'traffic', 'new_service']),
  /** The package that a limit of `new_service` is for. */
  service: z.string().optional(),
  value: z.int().positive(),
  reason: z.string().min(20),
});

/** Files that are equal in every stage, or up to a stage. */
const twins = z.union([
  z.array(z.string()).transform((files) => ({ files, until: undefined })),
  z.strictObject({ files: z.array(z.string()), until: z.string() }),
]);

const step = z.strictObject({
  stage: z.string().regex(/^stage-\d+$/),
  title: z.string().min(1),
  /** What the stage is compared with, if not the stage before; `only` says which part of it counts. */
  after: z.strictObject({ folder: z.string(), only: z.string() }).optional(),
  adds: globs,
  changes: globs,
  removes: globs,
  exceptions: z.array(exception).default([]),
});

const schema = z.strictObject({
  budget: z.strictObject({ added: z.int(), deleted_share: z.number().max(1), traffic: z.int(), new_service: z.int() }),
  /** Inside a stage's folder: what each stage has for itself, neither compared nor carried forward. */
  own: globs,
  not_counted: globs,
  not_shown: globs,
  concerns: z
    .record(z.string(), globs)
    .refine((concerns) => Object.values(concerns).filter((paths) => paths.length === 0).length === 1, {
      error: 'exactly one concern must have no paths: everything else belongs to it',
    }),
  identical: z.array(twins).default([]),
  lessons: z
    .strictObject({
      /** What a page shows as counts only, one paragraph each. */
      told: z.record(z.string().regex(/^[a-z]+$/), globs),
      left_out: globs,
      /** The stages whose pages must show every hunk. */
      pages: globs,
    })
    .prefault({ told: {} }),
  steps: z.array(step).min(1),
});

export type Manifest = z.infer<typeof schema>;
export type ManifestStep = Manifest['steps'][number];

/**
 * Reads the manifest's text.
 * @throws Problem naming the place that is wrong
 */
export function parseManifest(text: string): Manifest {
  try {
    return schema.parse(readLined(text).value);
  } catch (error) {
    const fault = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
    throw new Problem(`${manifestPath} is not valid:\n${fault}`);
  }
}

/** The manifest of the work tree. @throws Problem when it is missing or wrong */
export function readManifest(root: string): Manifest {
  return parseManifest(manifestText(root));
}

/** The manifest with its lines, for messages that point into it. */
export function readManifestLines(root: string): LinedText {
  return readLined(manifestText(root));
}

function manifestText(root: string): string {
  const file = join(root, manifestPath);
  if (!existsSync(file)) throw new Problem(`${manifestPath} is missing: it says which stages there are.`);
  return readFileSync(file, 'utf8');
}

/** By their globs. Compiling a glob takes longer than matching a thousand paths. */
const matchers = new Map<string, picomatch.Matcher>();

/** Whether a path matches any of the globs; names that start with a dot are names like any other. */
export function matchesAny(path: string, patterns: string[]): boolean {
  const key = patterns.join('\0');
  const matches = matchers.get(key) ?? picomatch(patterns, { dot: true });
  matchers.set(key, matches);
  return matches(path);
}
