import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { runningStage } from '../../verify/stage/find-stage.ts';
import type { AnswerVerdict } from '../answer.ts';
import { filesOf } from '../bug.ts';
import { checkExercise } from '../check-exercise.ts';
import { solutionPatch, type Exercise } from '../exercise.ts';
import { apply } from './apply.ts';
import type { PracticeStage } from './practice-stage.ts';
import { wrongAnswers, type Edit } from './wrong-answers.ts';

/**
 * Tries an exercise on a running copy of its stage: as it is, with the bug if there is one; with the solution; and with a
 * typical wrong answer. Leaves the copy's files as they were.
 * @param patience milliseconds for what has not come yet
 */
export async function tryExercise(t: TestContext, stage: PracticeStage, exercise: Exercise, patience: number) {
  const { stage: name, bug } = exercise;
  const solution = solutionPatch(exercise)!;
  const wrong = wrongAnswers[name]![exercise.name]!;
  t.after(() =>
    new Set([...filesIn(solution, exercise), ...filesIn(bug, exercise), ...editedFiles(wrong)]).forEach(stage.restore),
  );
  const verdict = async (): Promise<AnswerVerdict> => {
    await stage.up();
    const running = await runningStage(stage.directory, 'native');
    return checkExercise(running, exercise, { patience, tell: (text) => t.diagnostic(text) });
  };

  if (bug) apply(bug, stage.directory);
  const untouched = await verdict();
  assert.notEqual(untouched.outcome, 'passed');
  assert.ok(
    hintsOf(untouched).some((id) => id !== 'other'),
    'the untouched stage gets a hint',
  );

  apply(solution, stage.directory);
  assert.deepEqual(await verdict(), { outcome: 'passed', unmet: [] });

  edit(stage, wrong);
  const hints = hintsOf(await verdict());
  assert.ok(hints.includes(wrong.hint), `the hints were ${hints.join(', ')}`);
}

function hintsOf({ mistake, unmet }: AnswerVerdict): string[] {
  return [...(mistake ? [mistake] : []), ...unmet.map(({ id }) => id)];
}

/** The files of a patch, below the stage's folder. */
function filesIn(patch: string | undefined, { name, stage }: Exercise): string[] {
  return patch ? filesOf({ name, bug: patch }).map((file) => file.slice(stage.length + 1)) : [];
}

function editedFiles({ file, also }: Edit): string[] {
  return [file, ...(also ? editedFiles(also) : [])];
}

function edit(stage: PracticeStage, { file, from, to, also }: Edit): void {
  stage.edit(file, from, to);
  if (also) edit(stage, also);
}
