import { globSync } from 'node:fs';
import picomatch from 'picomatch';
import { changedStages } from './changed-stages.ts';
import { countedEarlier } from './counted-earlier.ts';

/** Which tests to run: all, those that a change is tested with, or those for whoever is editing. */
export type Scope = 'all' | 'usual' | 'fast';

export interface Choice {
  /** Paths from the root. */
  files: string[];
  /** What is left out and why, a line each. */
  notes: string[];
}

const places = ['shared/**/*.test.ts', 'stage-*/*/test/*.test.ts', 'site/test/*.test.ts'];
/** What takes minutes. */
export const slow = '**/*.slow.test.ts';
/** Those that try one stage's exercises, or whatever else goes by that stage. */
const ofStage = (stage: string): string => `**/${stage}.slow.test.ts`;

/** Browsers, the bench, front ends, which must be built, and what starts programs or makes repositories again and again. */
export const startPrograms = [
  'shared/e2e/**',
  'shared/test/builds.test.ts',
  'shared/bench/test/bench.test.ts',
  'shared/drill/test/stage-1.test.ts',
  'shared/verify/test/{broken,docker,signed}-stage.test.ts',
  'shared/runtime/test/{stage,one-service,restart-changed,crash,usage-stage,database}.test.ts',
  'shared/{incidents,practice}/test/cli.test.ts',
  'shared/offline/test/offline.test.ts',
  'shared/lessons/test/check-differences.test.ts',
  '**/browser.test.ts',
  'shared/baseline/*/test/server.test.ts',
  'stage-*/*/test/{server,outage,batch,chain,telemetry}.test.ts',
  'stage-*/{frontend,traffic}/**',
];

/**
 * Chooses the test files of the repository.
 * @param root the repository's folder
 */
export function choose(root: string, scope: Scope): Choice {
  const choice: Choice = { files: globSync(places, { cwd: root, exclude: ['**/node_modules/**'] }).sort(), notes: [] };
  if (scope === 'all') return choice;
  leaveOutCounted(choice, countedEarlier(root, choice.files));
  leaveOut(choice, [slow], 'slow', 'ALL=1 runs them', scope === 'usual' ? slowOfChanged(root) : []);
  if (scope === 'fast')
    leaveOut(choice, startPrograms, 'for browsers, the bench and whole programs', 'left out by FAST=1');
  return choice;
}

/** What was carried through all stages would take a quarter of an hour to try: that is for ALL=1. */
const mostChanged = 2;

function slowOfChanged(root: string): string[] {
  const changed = [...changedStages(root)];
  return changed.length > mostChanged ? [] : changed.map(ofStage);
}

function leaveOutCounted(choice: Choice, counted: Map<string, string>): void {
  choice.files = choice.files.filter((file) => !counted.has(file));
  const byPackages = Object.groupBy(counted, ([file, first]) => `${packageOf(file)} ${packageOf(first)}`);
  for (const [packages, same] of Object.entries(byPackages)) {
    const [repeated, first] = packages.split(' ');
    const what = `${testFiles(same!.length)} of ${repeated}`;
    choice.notes.push(`not run again: ${what}, identical in ${first} with every file used (ALL=1 runs all)`);
  }
}

function testFiles(count: number): string {
  return count === 1 ? '1 test file' : `${count} test files`;
}

function packageOf(file: string): string {
  return file.split('/').slice(0, 2).join('/');
}

function leaveOut(choice: Choice, patterns: string[], what: string, why: string, ignore: string[] = []): void {
  const count = remove(choice, picomatch(patterns, { ignore }));
  if (count > 0) choice.notes.push(`not run: ${testFiles(count)} ${what} (${why})`);
}

function remove(choice: Choice, isLeftOut: (file: string) => boolean): number {
  const before = choice.files.length;
  choice.files = choice.files.filter((file) => !isLeftOut(file));
  return before - choice.files.length;
}
