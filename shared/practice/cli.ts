import { Command, Option } from 'commander';
import { Problem } from '../runtime/problem.ts';
import { runProgram } from '../runtime/run-program.ts';
import { runningStage } from '../verify/stage/find-stage.ts';
import { askPrometheus, judgeAnswer, type AnswerVerdict } from './answer.ts';
import { isDirty, reset, start } from './bug.ts';
import { checkExercise } from './check-exercise.ts';
import { exercisesOf, findExercise, type Exercise } from './exercise.ts';
import { hint, whole } from './option-values.ts';
import { listing, taskText, verdictText } from './report.ts';

interface Options {
  name?: string;
  answer?: string;
  hint?: number;
  start?: boolean;
  reset?: boolean;
  check?: boolean;
  json?: boolean;
  runtime?: 'docker' | 'native';
  patience: number;
}

async function run(stage: string, options: Options): Promise<void> {
  if (options.name) return practise(findExercise(stage, options.name), options);
  const exercises = exercisesOf(stage);
  if (exercises.length === 0) throw new Problem(`${stage} has no exercises that check themselves yet.`);
  const entries = exercises.map(({ name, title, difficulty, minutes }) => ({ name, title, difficulty, minutes }));
  console.log(options.json ? JSON.stringify({ stage, exercises: entries }) : listing(stage, exercises));
}

async function practise(exercise: Exercise, options: Options): Promise<void> {
  const { stage, name } = exercise;
  if (options.start) {
    start(exercise);
    // Which file it is in is for the learner to find out.
    return console.log(
      `${taskText(exercise)}\n\n${stage} has the bug now. Start it, and find the bug: make ${stage} up`,
    );
  }
  if (options.reset) return console.log(`Restored from the last commit: ${reset(exercise).join(', ')}`);
  const { json, hint: step = 1 } = options;
  if (!json) console.log(`${taskText(exercise)}\n`);
  const verdict = await judged(exercise, options);
  if (!verdict) return;
  console.log(json ? codes({ stage, exercise: name, ...verdict }) : verdictText(exercise, verdict, step));
  process.exitCode = { passed: 0, wrong: 1, 'not-seen-yet': 1, 'not-checked': 2 }[verdict.outcome];
}

/** For grading: without the hints, which are sentences. */
function codes(verdict: object): string {
  return JSON.stringify(verdict, (name, value) => (name === 'steps' ? undefined : value));
}

/** Nothing where there is nothing to check yet: no answer, or no change. */
async function judged(exercise: Exercise, options: Options): Promise<AnswerVerdict | undefined> {
  const { answer, hint: step, json, check, runtime, patience } = options;
  const asked = json || check || step !== undefined;
  if (exercise.answer ? answer === undefined : !asked && !isDirty(exercise.stage)) {
    if (json) throw new Problem('There is no answer to check. Give one: ANSWER=…');
    return undefined;
  }
  const stage = await runningStage(exercise.stage, runtime);
  if (!exercise.answer) {
    const tell = (text: string): void => console.error(text);
    return checkExercise(stage, exercise, { patience: patience * 1000, tell });
  }
  const ask = askPrometheus(stage);
  if ('missing' in ask) return { outcome: 'not-checked', unmet: [], reason: ask.missing };
  return judgeAnswer(exercise.answer, answer!, ask);
}

const program = new Command('exercise')
  .description('Lists the exercises of a stage, shows one, and checks it by the telemetry of the running stage.')
  .argument('<stage>', 'stage-1, stage-2, …')
  .option('--name <exercise>', 'show this exercise, and check it once the stage has been changed')
  .option('--answer <number>', 'what you found out, for an exercise that asks a question')
  .option('--hint <step>', 'which hint to show for what is not right yet: 1, 2 or 3', hint)
  .option('--start', 'put in the bug that the exercise is about')
  .option('--reset', 'take the bug back')
  .option('--check', 'check it even if nothing has changed since the last commit')
  .option('--json', 'print codes for grading instead of sentences')
  .addOption(new Option('--runtime <how>', 'what runs the stage').choices(['docker', 'native']))
  .option('--patience <seconds>', 'wait at most this long for telemetry that has not arrived yet', whole, 90)
  .exitOverride(({ exitCode }) => process.exit(exitCode && 2))
  .addHelpText('after', '\nExit code: 0 passed, 1 not right or not seen yet, 2 could not be checked.')
  .action(run);

await runProgram(program, 2);
