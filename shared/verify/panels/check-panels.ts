import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../runtime/problem.ts';
import { judged, notChecked, type Check, type Place } from '../compare/check.ts';
import { fault } from '../compare/fault.ts';
import type { RunningStage } from '../stage/running-stage.ts';
import { backEndName, readDashboards, type Dashboard, type PanelQuery } from './dashboard.ts';
import { askDashboard } from './grafana-queries.ts';
import { missingMaker } from './makers.ts';
import { wayOf, type Answer } from './query-way.ts';

const pause = 2000;

/**
 * Asks every query of every panel.
 * @param expected panels that may show nothing, and why
 * @param patience milliseconds until there must be data
 */
export async function checkPanels(
  stage: RunningStage,
  expected: Record<string, string>,
  patience: number,
): Promise<Check[]> {
  const dashboards = readDashboards(stage.directory);
  const queries = dashboards.flatMap((dashboard) => dashboard.queries);
  const deadline = Date.now() + patience;
  const checks = [
    ...dashboards.map((dashboard) => checkDashboard(stage, dashboard)),
    ...queries.map((query) => checkQuery(stage, query, query.panel in expected, deadline)),
  ];
  const unknown = Object.keys(expected).filter((panel) => !queries.some((query) => query.panel === panel));
  return [...(await Promise.all(checks)), ...unknown.map(unknownPanel)];
}

function unknownPanel(panel: string): Check {
  const thing: Place = { area: 'panels', name: panel, subject: `panel ${panel}`, source: 'telemetry.yaml' };
  return judged(thing, [fault('unknown-panel', {})], 'Fix its title there.');
}

async function checkDashboard(stage: RunningStage, dashboard: Dashboard): Promise<Check> {
  const { title } = dashboard;
  const thing: Place = { area: 'panels', name: title, subject: `dashboard ${title}`, source: 'Grafana' };
  const grafana = stage.backEnd('grafana');
  if ('missing' in grafana) return notChecked(thing, grafana.missing);
  const faults = await askDashboard(grafana.url, dashboard).then(
    () => [],
    (error: unknown) => [fault('not-in-grafana', { reason: messageOf(error) })],
  );
  return judged(thing, faults, 'Look at the log of grafana: it says what it could not read.', 'there');
}

async function checkQuery(
  stage: RunningStage,
  query: PanelQuery,
  mayBeEmpty: boolean,
  deadline: number,
): Promise<Check> {
  const { source, panel, target } = query;
  const thing = (where: string): Place => ({
    ...{ area: 'panels', name: panel, when: target.refId },
    ...{ subject: `panel ${panel}, ${target.refId}`, source: where },
  });
  if (typeof source === 'string') {
    return judged(
      thing(source),
      [fault('unknown-source', { uid: source })],
      'Fix the uid, in the panel or in datasources.yaml.',
    );
  }
  const way = wayOf(stage, query, source);
  if ('missing' in way) return notChecked(thing(backEndName(source)), way.missing);
  const text = String(target.expr ?? target.query);
  const absent = missingMaker(stage, text);
  const answer = await patiently(way.ask, mayBeEmpty || absent !== undefined, deadline);
  if ('refused' in answer) return refused(thing(way.name), answer.refused, text, 'the dashboard');
  if (absent) return notChecked(thing(way.name), absent);
  return answer.shows === 'data' || mayBeEmpty
    ? judged(thing(way.name), [], '', answer.shows === 'data' ? 'data' : 'empty, allowed')
    : empty(thing(way.name), text);
}

/** Scrapes, searches and metrics made from spans take seconds. */
export async function patiently(ask: () => Promise<Answer>, mayBeEmpty: boolean, deadline: number): Promise<Answer> {
  for (;;) {
    const answer = await ask();
    const settled = 'refused' in answer ? answer.final : answer.shows === 'data' || mayBeEmpty;
    if (settled || Date.now() + pause > deadline) return answer;
    await sleep(pause);
  }
}

/** @param file where to fix the query */
export function refused(thing: Place, reason: string, query: string, file: string): Check {
  const check = judged(thing, [fault('query-refused', { reason, query })], `Fix the query in ${file}.`);
  return { ...check, result: 'refused' };
}

function empty(thing: Place, query: string): Check {
  const advice =
    'Look for a metric, label or field in it that does not exist. If nothing is right, say why in empty_panels.';
  return { ...judged(thing, [fault('query-empty', { query })], advice), result: 'empty' };
}
