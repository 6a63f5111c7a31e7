import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { findBinary } from '../../runtime/plan/find-binary.ts';
import { eventually } from '../../runtime/test/stage-fixture.ts';
import { runningStage } from '../../verify/stage/find-stage.ts';
import { askPrometheus, judgeAnswer, type AskNumber } from '../answer.ts';
import { exercisesOf } from '../exercise.ts';
import { practiceStage } from './practice-stage.ts';
import { stages } from './stages.ts';

const prometheus = findBinary(['prometheus']);
const skip = prometheus ? false : 'prometheus is not on this machine';

/** The stage's Prometheus, once it has scraped what some traffic left. */
async function askAfterTraffic(t: TestContext, name: string, queries: string[]): Promise<AskNumber> {
  const stage = await practiceStage(t, name, [prometheus!]);
  await stage.up();
  const running = await runningStage(stage.directory, 'native');
  await running.runTraffic({ NUM_USERS: '10', MAX_ROLLS_PER_USER: '10', SEED: '1' });
  const ask = askPrometheus(running);
  assert.ok(typeof ask === 'function', 'Prometheus runs');
  await eventually(async () => {
    for (const query of queries) assert.ok((await ask(query)) > 0, query);
  });
  return ask;
}

for (const name of stages) {
  const questions = exercisesOf(name).filter(({ answer }) => answer);
  test(`the questions of ${name}, on data of a running copy`, { skip }, async (t) => {
    const asked = questions.map(({ answer }) => answer!);
    const queries = asked.flatMap(({ query, mistakes }) => [query, ...Object.values(mistakes).map((one) => one.query)]);
    const ask = await askAfterTraffic(t, name, queries);
    for (const question of asked) {
      const right = await ask(question.query);
      assert.deepEqual(await judgeAnswer(question, String(right), ask), { outcome: 'passed', unmet: [] });
      assert.equal((await judgeAnswer(question, '100000', ask)).steps, question.steps);
      for (const [mistake, { query }] of Object.entries(question.mistakes)) {
        const wrong = await ask(query);
        assert.equal((await judgeAnswer(question, String(wrong), ask)).mistake, mistake, `${wrong} is not ${right}`);
      }
    }
  });
}
