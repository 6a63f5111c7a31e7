import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseContract, type Contract } from '../../verify/contract/contract.ts';
import type { Manifest } from '../manifest.ts';
import type { Scratch } from '../scratch.ts';
import type { Step } from '../steps.ts';
import { readHunks, type Hunk } from './hunks.ts';

/** What a page is about: a step with its hunks, its two contracts, and what its new files hold. */
export interface Lesson {
  step: Step;
  manifest: Manifest;
  /** From the repository's root. */
  file: string;
  /** Undefined while there is no page. */
  text: string | undefined;
  hunks: Hunk[];
  contracts: [before: Contract, after: Contract];
  /** Git's id of each file of the stage: equal files have equal ids. */
  ids: Map<string, string>;
}

export const pageOf = (stage: string): string => `docs/lessons/${stage}.md`;

/** Reads a step's lesson. @throws Problem for a contract that cannot be read */
export function readLesson(root: string, scratch: Scratch, manifest: Manifest, step: Step): Lesson {
  const file = pageOf(step.stage);
  const path = join(root, file);
  return {
    ...{ step, manifest, file, hunks: readHunks(scratch, step), ids: idsOf(scratch, step.newTree) },
    text: existsSync(path) ? readFileSync(path, 'utf8').replaceAll('\r\n', '\n') : undefined,
    contracts: [contractOf(root, step.before), contractOf(root, step.stage)],
  };
}

/** The baseline has no contract, for it emits nothing. */
function contractOf(root: string, folder: string): Contract {
  const file = join(root, folder, 'telemetry.yaml');
  return parseContract(existsSync(file) ? readFileSync(file, 'utf8') : 'services: {}');
}

function idsOf(scratch: Scratch, tree: string): Map<string, string> {
  const entries = scratch.git(['ls-tree', '-r', '-z', '--format=%(objectname) %(path)', tree]).split('\0');
  return new Map(entries.filter(Boolean).map((entry) => [entry.slice(41), entry.slice(0, 40)]));
}
