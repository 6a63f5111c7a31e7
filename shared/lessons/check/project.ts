import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readManifest, readManifestLines, type Manifest } from '../manifest.ts';
import type { Scratch } from '../scratch.ts';
import { readStep, type Step } from '../steps.ts';
import type { LinedText } from '../yaml-lines.ts';

/** What the rules of `check` look at. */
export interface Project {
  root: string;
  scratch: Scratch;
  manifest: Manifest;
  manifestLines: LinedText;
  /** The steps of which both folders exist. */
  steps: Step[];
  /** The manifest's stages that exist; one without a compose.yaml is still being written. */
  stages: string[];
  /** Every file of packages, tools and stages that is or could be committed, from the repository's root. */
  files: string[];
  read: (file: string) => string;
}

/** Reads the repository as it is on disk, committed or not. @throws Problem when the manifest is wrong */
export function readProject(root: string, scratch: Scratch): Project {
  const manifest = readManifest(root);
  const stageFolders = readdirSync(root).filter((name) => /^stage-\d+$/.test(name));
  const snapshot = scratch.snapshot(['package.json', 'package-lock.json', 'shared', ...stageFolders]);
  const files = [...snapshot.files.keys()];
  const steps = manifest.steps.map((_, index) => readStep(scratch, snapshot, manifest, index));
  const stages = manifest.steps.map(({ stage }) => stage).filter((stage) => files.includes(`${stage}/compose.yaml`));
  return {
    ...{ root, scratch, manifest, files, stages },
    manifestLines: readManifestLines(root),
    steps: steps.filter((step): step is Step => step !== undefined && stages.includes(step.stage)),
    read: (file) => readFileSync(join(root, file), 'utf8'),
  };
}

/** The line, from 1, of the first match; 1 where there is none. */
export function lineOfMatch(text: string, pattern: RegExp | string): number {
  const index = typeof pattern === 'string' ? text.indexOf(pattern) : text.search(pattern);
  return index < 0 ? 1 : text.slice(0, index).split('\n').length;
}
