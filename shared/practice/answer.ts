import { Problem } from '../runtime/problem.ts';
import { askJson } from '../verify/read/ask.ts';
import type { RunningStage } from '../verify/stage/running-stage.ts';
import type { Exercise, Steps } from './exercise.ts';
import type { Verdict } from './judge.ts';

type Question = NonNullable<Exercise['answer']>;
/** Asks a PromQL query whose result is one number; NaN where there is no data. */
export type AskNumber = (query: string) => Promise<number>;

/** A verdict about an answer; `steps` are the hints that fit it. */
export type AnswerVerdict = Verdict & { steps?: Steps; mistake?: string };

/**
 * Judges the answer to a question about the learner's own data.
 * @throws Problem when it is not a number
 */
export async function judgeAnswer(question: Question, answer: string, ask: AskNumber): Promise<AnswerVerdict> {
  const given = Number(answer.trim().replace(/\s*%$/, '').replace(',', '.') || NaN);
  if (!Number.isFinite(given)) throw new Problem(`The answer is a number, not "${answer}". Write it like ANSWER=12.5`);
  const isNear = (right: number): boolean => Math.abs(given - right) <= question.tolerance;
  const right = await ask(question.query);
  if (!Number.isFinite(right)) return { outcome: 'not-seen-yet', unmet: [], steps: question.steps };
  if (isNear(right)) return { outcome: 'passed', unmet: [] };
  for (const [mistake, { query, steps }] of Object.entries(question.mistakes)) {
    if (isNear(await ask(query))) return { outcome: 'wrong', unmet: [], mistake, steps };
  }
  return { outcome: 'wrong', unmet: [], steps: question.steps };
}

/** Asks the stage's Prometheus, or says why it cannot. */
export function askPrometheus(stage: RunningStage): AskNumber | { missing: string } {
  const backEnd = stage.backEnd('prometheus');
  if ('missing' in backEnd) return backEnd;
  return async (query) => {
    const { data } = await askJson(`${backEnd.url}/api/v1/query`, { query });
    return Number(data.result[0]?.value[1] ?? NaN);
  };
}
