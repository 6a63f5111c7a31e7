import assert from 'node:assert/strict';
import { eventually } from '../../runtime/test/stage-fixture.ts';
import { runningStage } from '../../verify/stage/find-stage.ts';
import { askPrometheus, judgeAnswer, type AskNumber } from '../answer.ts';
import type { Exercise } from '../exercise.ts';
import type { PracticeStage } from './practice-stage.ts';

type Question = NonNullable<Exercise['answer']>;

/** Answers a question on a running copy of its stage: with the right number, with a wild one, and with every known mistake. */
export async function tryQuestion(stage: PracticeStage, question: Question): Promise<void> {
  const ask = await askAfterTraffic(stage, question);
  const right = await ask(question.query);
  assert.deepEqual(await judgeAnswer(question, String(right), ask), { outcome: 'passed', unmet: [] });
  assert.equal((await judgeAnswer(question, '100000', ask)).steps, question.steps);
  for (const [mistake, { query }] of Object.entries(question.mistakes)) {
    const wrong = await ask(query);
    assert.equal((await judgeAnswer(question, String(wrong), ask)).mistake, mistake, `${wrong} is not ${right}`);
  }
}

/** Asks the stage's Prometheus, once it has scraped from every service what some traffic left. */
async function askAfterTraffic(stage: PracticeStage, { query, mistakes }: Question): Promise<AskNumber> {
  const running = await runningStage(stage.directory, 'native');
  // With so many rolls, one that fails is certain.
  await running.runTraffic({ NUM_USERS: '25', SEED: '1' });
  const endSeconds = Date.now() / 1000;
  const ask = askPrometheus(running);
  assert.ok(typeof ask === 'function', 'Prometheus runs');
  await eventually(async () => {
    assert.ok((await ask('min(timestamp(up))')) > endSeconds, 'every target has been scraped since');
    const right = await ask(query);
    assert.ok(right > 0, query);
    for (const mistake of Object.values(mistakes)) assert.notEqual(await ask(mistake.query), right, mistake.query);
  });
  return ask;
}
