import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findBinary } from '../../runtime/plan/find-binary.ts';
import { exercisesOf, type Exercise } from '../exercise.ts';
import { practiceStage } from './practice-stage.ts';
import { tryExercise } from './try-exercise.ts';
import { tryQuestion } from './try-question.ts';

/** Milliseconds: without back ends, telemetry is there at once; Prometheus and the collector take seconds. */
const patience = { alone: 3000, withBackEnds: 16_000 };

const prometheus = findBinary(['prometheus']);
const collector = findBinary(['otelcol-contrib']);

/** Why an exercise cannot be tried on this machine. */
function obstacle({ answer, panel, needs }: Exercise): string | false {
  if ((answer || panel) && !prometheus) return 'prometheus is not on this machine';
  return needs === 'otel-collector' && !collector ? 'otelcol-contrib is not on this machine' : false;
}

/** Tries every exercise of a stage, on two running copies of it: one without back ends, and one with those that are needed. */
export function tryStage(name: string): void {
  const [withBackEnds, alone] = [true, false].map((needed) =>
    exercisesOf(name).filter(({ answer, panel, needs }) => Boolean(answer || panel || needs) === needed),
  );

  test(`the exercises of ${name}, on a running copy`, async (t) => {
    const stage = await practiceStage(t, name);
    for (const one of alone!) await t.test(one.name, (t) => tryExercise(t, stage, one, patience.alone));
  });

  test(`the exercises of ${name} that need a back end, on a running copy`, async (t) => {
    const programs = [prometheus, withBackEnds!.some(({ needs }) => needs) ? collector : undefined];
    const possible = withBackEnds!.some((one) => !obstacle(one));
    const stage =
      possible &&
      (await practiceStage(
        t,
        name,
        programs.filter((program) => program !== undefined),
      ));
    if (stage) await stage.up();
    for (const one of withBackEnds!) {
      await t.test(one.name, { skip: obstacle(one) }, async (t) => {
        assert.ok(stage);
        await (one.answer ? tryQuestion(stage, one.answer) : tryExercise(t, stage, one, patience.withBackEnds));
      });
    }
  });
}
