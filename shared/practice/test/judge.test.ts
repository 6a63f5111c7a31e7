import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { compareMetrics, type Metric } from '../../verify/compare/metrics.ts';
import { compareSpans } from '../../verify/compare/spans.ts';
import { findingsOf } from '../../verify/compare/findings.ts';
import { parseContract, type Contract } from '../../verify/contract/contract.ts';
import { span } from '../../verify/test/observations.ts';
import { amend } from '../amend.ts';
import { judgeAnswer } from '../answer.ts';
import { exercisesOf, findExercise, type Exercise } from '../exercise.ts';
import { judge, type Verdict } from '../judge.ts';
import { verdictText } from '../report.ts';

const contract: Contract = parseContract(`
services:
  dice:
    spans: [{ name: GET /roll, when: rolled, kind: server }]
    logs: [{ message: Die rolled, level: INFO }]
    metrics: { rolls_total: { type: counter } }
`);

suite('amending a contract', () => {
  test('adds to a span, and leaves the original alone', () => {
    const amended = amend(contract, { dice: { spans: { 'GET /roll (rolled)': { attributes: { 'die.faces': 6 } } } } });
    assert.deepEqual(amended.services.dice!.spans[0]!.attributes, { 'die.faces': 6 });
    assert.deepEqual(contract.services.dice!.spans[0]!.attributes, {});
  });

  test('adds a span, a line and a metric by their names', () => {
    const { spans, logs, metrics } = amend(contract, {
      dice: {
        spans: { roll: { kind: 'internal' } },
        logs: { Rolling: { level: 'INFO' } },
        metrics: { faces: { type: 'gauge' } },
      },
    }).services.dice!;
    assert.deepEqual(spans.map(({ name }) => name).sort(), ['GET /roll', 'roll']);
    assert.deepEqual(
      logs.map(({ message }) => message),
      ['Die rolled', 'Rolling'],
    );
    assert.deepEqual(Object.keys(metrics).sort(), ['faces', 'rolls_total']);
  });

  test('removes what is null', () => {
    const { logs, metrics } = amend(contract, {
      dice: { logs: { 'Die rolled': null }, metrics: { rolls_total: null } },
    }).services.dice!;
    assert.deepEqual([logs, metrics], [[], {}]);
  });

  test('keeps all of several lines with one message', () => {
    const twice = parseContract(
      'services: { dice: { logs: [{ message: Failed, level: ERROR }, { message: Failed, level: WARNING }] } }',
    );
    const { logs } = amend(twice, { dice: { logs: { 'Failed #2': { fields: { code: 'any text' } } } } }).services.dice!;
    assert.deepEqual(
      logs.map(({ level, fields }) => [level, Object.keys(fields)]),
      [
        ['ERROR', []],
        ['WARNING', ['code']],
      ],
    );
  });

  test('refuses a service that does not exist', () => {
    assert.throws(() => amend(contract, { cards: {} }), /no service cards/);
  });
});

suite('judging what was found', () => {
  const exercise = findExercise('stage-1', 'rolls-by-value');
  const { dice } = amend(contract, {
    dice: { metrics: { ...(exercise.contract as any)['dice-roller'].metrics, rolls_total: null } },
  }).services;
  const judged = (metrics: Metric[]): Verdict =>
    judge(exercise, findingsOf(compareMetrics('dice', dice!, metrics, '/metrics')));
  const rolls = (labels: Record<string, string>[]): Metric => ({
    ...{ name: 'dice_rolls_by_value_total', type: 'counter', exemplars: [] },
    series: labels.map((one) => ({ labels: one, count: 1, bounds: [] })),
  });
  const all = ['fair', 'risky'].flatMap((die_type) => '1234567'.split('').map((value) => ({ die_type, value })));

  test('passes what is right', () => {
    assert.deepEqual(judged([rolls(all)]), { outcome: 'passed', unmet: [] });
  });

  test('distinguishes what was not seen yet from what is wrong', () => {
    assert.deepEqual(
      judged([]).unmet.map(({ id, outcome }) => [id, outcome]),
      [['missing', 'not-seen-yet']],
    );
    assert.deepEqual(
      judged([rolls(all.map(({ value, ...rest }) => ({ ...rest, face: value })))]).unmet.map(({ id, outcome }) => [
        id,
        outcome,
      ]),
      [['labels', 'wrong']],
    );
    assert.equal(judged([rolls(all.slice(1).filter(({ value }) => value !== '7'))]).outcome, 'not-seen-yet');
  });

  test('gives one hint for an expectation, a step at a time, and no text of the solution', () => {
    const verdict = judged([]);
    const [first, second, third] = [1, 2, 3].map((step) => verdictText(exercise, verdict, step));
    assert.match(first!, /missing \(not seen yet\)[^]*Hint: There is no metric[^]*HINT=2/);
    assert.match(second!, /Declare the counter[^]*HINT=3/);
    assert.match(third!, /die\.ts has the value/);
    assert.doesNotMatch(third!, /HINT=/);
  });

  test('counts what broke besides the exercise only if it is wrong for certain', () => {
    const ours = { hints: {} } satisfies Pick<Exercise, 'hints'>;
    const found = (spans: ReturnType<typeof span>[]) =>
      judge(ours, findingsOf(compareSpans(contract.services, spans, 'x')));
    assert.equal(found([]).outcome, 'passed');
    const broken = found([span({ attributes: { stray: 1 } })]);
    assert.deepEqual([broken.outcome, broken.unmet[0]!.id], ['wrong', 'other']);
  });
});

suite('judging an answer', () => {
  const question = findExercise('stage-1', 'failing-share').answer!;
  const data: Record<string, number> = {
    [question.query]: 12.5,
    [question.mistakes['share-not-percent']!.query]: 0.125,
    [question.mistakes['of-all-dice']!.query]: 6,
    [question.mistakes['of-the-good-ones']!.query]: 14.3,
  };
  const answered = (answer: string) => judgeAnswer(question, answer, async (query) => data[query] ?? NaN);

  test('passes the number that the data have', async () => {
    assert.equal((await answered('12.5')).outcome, 'passed');
    assert.equal((await answered('12.45 %')).outcome, 'passed');
  });

  test('knows what a wrong number comes from', async () => {
    assert.equal((await answered('0.125')).mistake, 'share-not-percent');
    assert.equal((await answered('6')).mistake, 'of-all-dice');
    assert.equal((await answered('14.3')).mistake, 'of-the-good-ones');
    assert.deepEqual((await answered('40')).steps, question.steps);
  });

  test('cannot judge without data, and wants a number', async () => {
    assert.equal((await judgeAnswer(question, '1', async () => NaN)).outcome, 'not-seen-yet');
    await assert.rejects(answered('many'), /The answer is a number/);
  });
});

test('an unknown exercise is answered with the names that there are', () => {
  assert.throws(
    () => findExercise('stage-1', 'nothing'),
    /stage-1 has no exercise named "nothing"\. Exercises: .*die-faces/,
  );
  assert.deepEqual(exercisesOf('stage-99'), []);
});
