import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '../runtime/problem.ts';
import { manyUsers, rollForPanels } from '../verify/drive/round.ts';
import { readDashboards, type PanelQuery } from '../verify/panels/dashboard.ts';
import { fillVariables, windowOf } from '../verify/panels/window.ts';
import { askJson, Refusal } from '../verify/read/ask.ts';
import type { RunningStage } from '../verify/stage/running-stage.ts';
import type { AnswerVerdict } from './answer.ts';
import type { Settings } from './check-exercise.ts';
import type { Exercise } from './exercise.ts';

type AskedPanel = NonNullable<Exercise['panel']>;
/** What a query gives at one moment: a number for each set of labels. */
export type Values = Map<string, number>;
export type AskValues = (query: string) => Promise<Values>;

const pause = 2000;

/**
 * Checks a panel that the learner added: rolls dice, and asks Prometheus its query and the right one.
 * @throws Problem when a dashboard cannot be read
 */
export async function checkPanel(
  stage: RunningStage,
  asked: AskedPanel,
  { patience, tell }: Settings,
): Promise<AnswerVerdict> {
  const prometheus = stage.backEnd('prometheus');
  if ('missing' in prometheus) return { outcome: 'not-checked', unmet: [], reason: prometheus.missing };
  const queries = dashboardQueries(stage.directory);
  tell('Rolling dice …');
  await rollForPanels(stage, manyUsers);
  tell('Asking Prometheus …');
  for (const deadline = Date.now() + patience; ; await sleep(pause)) {
    const verdict = await judgePanel(asked, queries, askAt(prometheus.url, Date.now()));
    if (verdict.outcome !== 'not-seen-yet' || Date.now() + pause > deadline) return verdict;
  }
}

/**
 * Judges a panel by what its queries give, not by their text.
 * @param queries of all panels of the stage
 * @param ask must ask about the same moment each time
 */
export async function judgePanel(asked: AskedPanel, queries: PanelQuery[], ask: AskValues): Promise<AnswerVerdict> {
  const own = queries.filter(({ panel, source }) => panel === asked.title && isPrometheus(source));
  if (own.length === 0) return { outcome: 'wrong', unmet: [], mistake: 'missing', steps: asked.missing };
  const right = await ask(asked.query);
  if (![...right.values()].some(Number.isFinite)) return { outcome: 'not-seen-yet', unmet: [], steps: asked.steps };
  const given = await Promise.all(own.map((query) => ask(textOf(query)).catch(refusal)));
  const gives = (values: Values): boolean => given.some((one) => isSame(one, values));
  if (gives(right)) return { outcome: 'passed', unmet: [] };
  for (const [mistake, { query, steps }] of Object.entries(asked.mistakes)) {
    if (gives(await ask(query))) return { outcome: 'wrong', unmet: [], mistake, steps };
  }
  return { outcome: 'wrong', unmet: [], steps: asked.steps };
}

function isPrometheus(source: PanelQuery['source']): boolean {
  return typeof source !== 'string' && source.type === 'prometheus';
}

/** The panel's query, with Grafana's own variables filled in. */
function textOf(query: PanelQuery): string {
  const source = query.source as Exclude<PanelQuery['source'], string>;
  return String(fillVariables(query.target, windowOf(query, source), source.scrapeInterval).expr ?? '');
}

/** A query that Prometheus does not understand gives nothing; Grafana shows why. */
function refusal(error: unknown): Values {
  if (error instanceof Refusal && error.status === 400) return new Map();
  throw error;
}

/** NaN, the quotient of two zeros, equals itself here. Rounding errors do not count. */
function isSame(one: Values, other: Values): boolean {
  const isClose = (a: number, b = 0): boolean => Object.is(a, b) || Math.abs(a - b) <= 1e-9 * Math.abs(b);
  const all = [...one].every(([labels, value]) => other.has(labels) && isClose(value, other.get(labels)));
  return all && one.size === other.size && one.size > 0;
}

/** @param time milliseconds since 1970 */
function askAt(url: string, time: number): AskValues {
  return async (query) => {
    const { data } = await askJson(`${url}/api/v1/query`, { query, time: time / 1000 });
    const series: { metric: Record<string, string>; value: [number, string] }[] = data.result;
    return new Map(
      series.map(({ metric, value }) => [JSON.stringify(Object.entries(metric).sort()), Number(value[1])]),
    );
  };
}

function dashboardQueries(stage: string): PanelQuery[] {
  try {
    return readDashboards(stage).flatMap(({ queries }) => queries);
  } catch (error) {
    if (error instanceof SyntaxError) throw new Problem(`A dashboard is not valid JSON: ${error.message}`);
    throw error;
  }
}
