import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseContract, type Contract } from '../../verify/contract/contract.ts';
import type { Manifest } from '../manifest.ts';
import type { Step } from '../steps.ts';
import { readHunks, type Hunk } from './hunks.ts';

/** What a page is about: a step with its hunks and its two contracts. */
export interface Lesson {
  step: Step;
  manifest: Manifest;
  /** From the repository's root. */
  file: string;
  /** Undefined while there is no page. */
  text: string | undefined;
  hunks: Hunk[];
  contracts: [before: Contract, after: Contract];
}

export const pageOf = (stage: string): string => `docs/lessons/${stage}.md`;

/** Reads a step's lesson. @throws Problem for a contract that cannot be read */
export function readLesson(root: string, manifest: Manifest, step: Step): Lesson {
  const file = pageOf(step.stage);
  const path = join(root, file);
  return {
    ...{ step, manifest, file, hunks: readHunks(step) },
    text: existsSync(path) ? readFileSync(path, 'utf8').replaceAll('\r\n', '\n') : undefined,
    contracts: [contractOf(root, step.before), contractOf(root, step.stage)],
  };
}

/** The baseline has no contract, for it emits nothing. */
function contractOf(root: string, folder: string): Contract {
  const file = join(root, folder, 'telemetry.yaml');
  return parseContract(existsSync(file) ? readFileSync(file, 'utf8') : 'services: {}');
}
