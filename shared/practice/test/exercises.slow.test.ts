import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { stages } from './stages.ts';
import { runningStage } from '../../verify/stage/find-stage.ts';
import { checkExercise } from '../check-exercise.ts';
import { exercisesOf, solutionPatch, type Exercise } from '../exercise.ts';
import type { Verdict } from '../judge.ts';
import { apply } from './apply.ts';
import { practiceStage, type PracticeStage } from './practice-stage.ts';
import { wrongAnswers, type Edit } from './wrong-answers.ts';

const patience = 3000;

async function verdictOn(t: TestContext, stage: PracticeStage, exercise: Exercise): Promise<Verdict> {
  await stage.up();
  const running = await runningStage(stage.directory, 'native');
  return checkExercise(running, exercise, { patience, tell: (text) => t.diagnostic(text) });
}

function edit(stage: PracticeStage, { file, from, to, also }: Edit): void {
  const path = join(stage.directory, file);
  const text = readFileSync(path, 'utf8');
  assert.ok(text.includes(from), `${file} does not hold this any more: ${from}`);
  writeFileSync(path, text.replace(from, to));
  if (also) edit(stage, also);
}

for (const name of stages) {
  const exercises = exercisesOf(name).filter(({ answer }) => !answer);
  test(`the exercises of ${name}, on a running copy`, async (t) => {
    const stage = await practiceStage(t, name);
    for (const exercise of exercises) {
      await t.test(exercise.name, async (t) => {
        const solution = solutionPatch(exercise)!;
        const files = [...new Set([exercise.bug ?? '', solution].filter(Boolean).flatMap((patch) => filesIn(patch)))];
        t.after(() => files.forEach(stage.restore));
        if (exercise.bug) apply(exercise.bug, stage.directory);
        const untouched = await verdictOn(t, stage, exercise);
        assert.notEqual(untouched.outcome, 'passed');
        assert.ok(
          untouched.unmet.some(({ id }) => id !== 'other'),
          'the untouched stage gets a hint',
        );

        apply(solution, stage.directory);
        assert.deepEqual(await verdictOn(t, stage, exercise), { outcome: 'passed', unmet: [] });

        const wrong = wrongAnswers[name]![exercise.name]!;
        edit(stage, wrong);
        const verdict = await verdictOn(t, stage, exercise);
        assert.ok(
          verdict.unmet.some(({ id }) => id === wrong.hint),
          `the hints were ${verdict.unmet.map(({ id }) => id).join(', ')}`,
        );
      });
    }
  });

  function filesIn(patch: string): string[] {
    return [...patch.matchAll(/^\+\+\+ b\/stage-\d\/(.+)$/gm)].map(([, file]) => file!);
  }
}
