import { manifestPath, matchesAny } from '../manifest.ts';
import type { Change, Step } from '../steps.ts';
import type { Fault } from './fault.ts';
import type { Project } from './project.ts';

const kinds = { A: 'adds', D: 'removes', M: 'changes', T: 'changes' } as const;
type Kind = (typeof kinds)[Change['status']];

/** Differences between neighbours that the manifest does not allow, and what it allows without need. */
export function findDrift(project: Project): Fault[] {
  return project.steps.flatMap((step) => [...undeclared(project, step), ...unused(project, step)]);
}

function undeclared(project: Project, step: Step): Fault[] {
  return step.changes
    .filter(({ path, status }) => !matchesAny(path, step.manifest[kinds[status]]))
    .map(({ path, status }) => faults[kinds[status]](project, step, path));
}

const faults: Record<Kind, (project: Project, step: Step, path: string) => Fault> = {
  adds: (_, { stage, before }, path) => ({
    file: `${stage}/${path}`,
    line: 1,
    fault: `${before} does not have this file, and ${manifestPath} does not say that ${stage} adds it`,
    remedy: `Remove it, or give it to ${before} too; if the lesson adds it, list ${path} under "adds" of ${stage}.`,
  }),
  removes: (_, { stage, before }, path) => ({
    file: `${before}/${path}`,
    line: 1,
    fault: `${stage} does not have this file, and ${manifestPath} does not say that it removes it`,
    remedy: `Copy it to ${stage}; if the lesson removes it, list ${path} under "removes" of ${stage}.`,
  }),
  changes: (project, step, path) => ({
    file: `${step.stage}/${path}`,
    line: firstChangedLine(project, step, path),
    fault: `it differs from ${step.before}/${path}, and ${manifestPath} does not say that ${step.stage} changes it`,
    remedy: changeRemedy(step, path),
  }),
};

function changeRemedy({ stage, before }: Step, path: string): string {
  const number = /^stage-(\d+)$/.exec(before)?.[1];
  const carry = number ? ` and carry it forward (make propagate FROM=${number})` : '';
  return `Undo it, or make it in ${before}${carry}; if it is the lesson, list ${path} under "changes" of ${stage}.`;
}

function firstChangedLine({ scratch }: Project, { oldTree, newTree }: Step, path: string): number {
  const lines = scratch.git(['diff-tree', '-p', '-U0', oldTree, newTree, '--', `:(literal)${path}`]);
  // A mere change of the mode has no lines; a deletion at the top comes after line 0.
  return Math.max(1, Number(/^@@ -\S+ \+(\d+)/m.exec(lines)?.[1] ?? 1));
}

function unused({ manifestLines }: Project, step: Step): Fault[] {
  return (['adds', 'changes', 'removes'] as const).flatMap((kind) =>
    step.manifest[kind].flatMap((pattern, index) => {
      const used = step.changes.some(({ path, status }) => kinds[status] === kind && matchesAny(path, [pattern]));
      if (used) return [];
      return {
        file: manifestPath,
        line: manifestLines.lineOf(['steps', step.index, kind, index]),
        fault: `it says that ${step.stage} ${kind} ${pattern}, but there is no such difference from ${step.before}`,
        remedy: 'Remove the line.',
      };
    }),
  );
}
