import { plainTable } from '../../runtime/plain-table.ts';
import { openScratch } from '../scratch.ts';
import { findOddAttributes } from './attributes.ts';
import { findUnequalBackEnds } from './back-ends.ts';
import { findOverBudget, measureSteps } from './budget.ts';
import { findDrift } from './drift.ts';
import { showFault, type Fault } from './fault.ts';
import { findUnequalTwins } from './identical.ts';
import { findUnequalImages } from './images.ts';
import { findUndeclaredImports } from './imports.ts';
import { findBadLessons, unfinishedLessons } from './lesson-pages.ts';
import { findStaleLocks } from './locks.ts';
import { findUnlistedStages } from './manifest-rules.ts';
import { readProject, type Project } from './project.ts';
import { findBadQueries } from './queries.ts';
import { findUnreadable } from './unreadable.ts';
import { findUnreadVariables } from './variables.ts';
import { findUnequalPackages } from './versions.ts';

const rules = [
  findUnlistedStages,
  findDrift,
  findUnequalTwins,
  findOverBudget,
  findUnequalPackages,
  findUnequalImages,
  findUnequalBackEnds,
  findStaleLocks,
  findUndeclaredImports,
  findUnreadVariables,
  findBadQueries,
  findOddAttributes,
  findBadLessons,
];

/** What `make check` finds, and the table of the budgets. */
export interface Findings {
  faults: Fault[];
  report: string;
}

/**
 * Checks the stages, as they are on disk, against the manifest, their contracts and each other.
 * @throws Problem when the manifest cannot be read
 */
export function checkStages(root: string): Findings {
  using scratch = openScratch(root);
  const project = readProject(root, scratch);
  const unreadable = findUnreadable(project);
  const faults = unreadable.length > 0 ? unreadable : rules.flatMap((rule) => rule(project));
  return {
    faults,
    report: [
      ...[...faults.map(showFault), '', budgetTable(project), ''],
      ...[...unfinishedLessons(project), conclusion(project, faults)],
    ].join('\n'),
  };
}

const kinds = {
  added: 'added to services',
  deleted: 'deleted from services',
  traffic: 'added to traffic',
  new_service: 'new package',
};

function budgetTable(project: Project): string {
  const rows = measureSteps(project).map(({ step, limit, service, used, allowed, exception }) => [
    step.stage,
    service ? `new package ${service}` : kinds[limit],
    used,
    allowed,
    exception === undefined ? '' : step.manifest.exceptions[exception]!.reason,
  ]);
  return plainTable([['STEP', 'LINES', 'USED', 'LIMIT', 'EXCEPTION'], ...rows]);
}

function conclusion({ stages, steps, manifest }: Project, faults: Fault[]): string {
  const missing = manifest.steps
    .map(({ stage }) => stage)
    .filter((stage) => !steps.some((step) => step.stage === stage));
  const notChecked =
    missing.length > 0
      ? ` Not compared, because a stage is missing or has no compose.yaml yet: ${missing.join(', ')}.`
      : '';
  const found = faults.length === 0 ? 'No fault' : `${faults.length} fault${faults.length > 1 ? 's' : ''}`;
  return `${found} in ${stages.join(', ')}.${notChecked}`;
}
