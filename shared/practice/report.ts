import { plainTable } from '../runtime/plain-table.ts';
import { faultText } from '../verify/report/words.ts';
import type { AnswerVerdict } from './answer.ts';
import { solutionPage, type Exercise } from './exercise.ts';
import type { Unmet } from './judge.ts';

const mostFindings = 3;

/** The exercises of a stage, for people. */
export function listing(stage: string, exercises: Exercise[]): string {
  const rows = exercises.map(({ name, difficulty, minutes, title }) => [name, '*'.repeat(difficulty), minutes, title]);
  const table = plainTable([['exercise', 'difficulty', 'minutes', ''], ...rows]);
  return `${table}\n\nRead one, and have it checked: make ${stage} exercise NAME=${exercises[0]?.name ?? '…'}`;
}

/** The task, with what to do when it is done. */
export function taskText({ stage, name, task, bug, answer }: Exercise): string {
  const command = `make ${stage} exercise NAME=${name}`;
  const begin = bug ? `To put the bug in: ${command} START=1 (RESET=1 takes it back)\n` : '';
  // A bug that is repaired leaves nothing that has changed since the last commit.
  const check = bug ? `${command} CHECK=1` : command;
  const end = answer
    ? `When you have the number: ${command} ANSWER=…`
    : `When you have changed it: make ${stage} up && ${check}`;
  return `${task}\n\n${begin}${end}`;
}

/**
 * How it went, for people.
 * @param step which of the three hints to give, 1 to 3
 */
export function verdictText(exercise: Exercise, verdict: AnswerVerdict, step: number): string {
  const { outcome, unmet, steps, reason } = verdict;
  if (outcome === 'passed') return `Passed. Compare it with our solution: ${solutionPage(exercise)}`;
  if (outcome === 'not-checked') return `Not checked: ${reason}.`;
  const first = outcome === 'wrong' ? 'Not right yet.' : 'Not seen yet.';
  const parts = unmet.map((one) => unmetText(one, step));
  const more = step < 3 ? `\nAnother hint: HINT=${step + 1}` : '';
  return [first, ...parts, ...(steps ? [`  Hint: ${steps[step - 1]}`] : []), more].filter(Boolean).join('\n');
}

function unmetText({ id, outcome, steps, findings }: Unmet, step: number): string {
  const lines = [...new Set(findings.map((finding) => `${finding.place.subject}: ${faultText(finding)}`))];
  const shown = lines.slice(0, mostFindings).map((line) => `    ${line}`);
  const title = outcome === 'wrong' ? 'wrong' : 'not seen yet';
  const hint = steps?.[step - 1] ?? 'The exercise does not ask for this. It was right before your change.';
  return [`  ${id} (${title})`, ...shown, `    Hint: ${hint}`].join('\n');
}
