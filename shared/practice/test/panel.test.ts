import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { PanelQuery } from '../../verify/panels/dashboard.ts';
import { Refusal } from '../../verify/read/ask.ts';
import { findExercise } from '../exercise.ts';
import { judgePanel, type Values } from '../panel.ts';

suite('judging a panel', () => {
  const asked = findExercise('stage-4', 'panel-by-handler').panel!;
  const { mixed } = asked.mistakes;
  const seconds = new Map([
    ['/roll', 0.9],
    ['/roll-async', NaN],
  ]);
  const data: Record<string, Values> = { [asked.query]: seconds, [mixed!.query]: new Map([['', 0.95]]) };

  const panel = (expr: string, title = asked.title, type = 'prometheus'): PanelQuery => ({
    ...{ dashboard: 'Dice', panel: title, range: 900_000, target: { refId: 'A', expr } },
    source: { uid: type, type, scrapeInterval: 5000 },
  });
  const judged = (queries: PanelQuery[], known = data) =>
    judgePanel(asked, queries, async (query) => {
      if (query === 'wrong(') throw new Refusal(400, 'parse error');
      return known[query] ?? new Map();
    });

  test('passes a query that gives the same, whatever its text', async () => {
    const other = new Map([...seconds].reverse());
    assert.equal((await judged([panel('mine')], { ...data, mine: other })).outcome, 'passed');
  });

  test('misses a panel of another title, or of another data source', async () => {
    assert.equal((await judged([panel(asked.query, 'Mine')])).mistake, 'missing');
    assert.equal((await judged([panel(asked.query, asked.title, 'loki')])).mistake, 'missing');
  });

  test('knows what a wrong query gives', async () => {
    assert.equal((await judged([panel(mixed!.query)])).mistake, 'mixed');
    const unknown = await judged([panel('mine')], { ...data, mine: new Map([['/roll', 0.9]]) });
    assert.deepEqual([unknown.outcome, unknown.steps], ['wrong', asked.steps]);
  });

  test('does not pass a query that Prometheus refuses', async () => {
    assert.deepEqual(await judged([panel('wrong(')]), { outcome: 'wrong', unmet: [], steps: asked.steps });
  });

  test('cannot judge before the right query gives a number', async () => {
    const empty = { [asked.query]: new Map([['/roll', NaN]]) };
    assert.equal((await judged([panel(asked.query)], empty)).outcome, 'not-seen-yet');
  });
});
