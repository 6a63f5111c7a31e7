import { messageOf } from '../../runtime/problem.ts';
import { Refusal } from '../read/ask.ts';
import { fedBackEnd, type RunningStage } from '../stage/running-stage.ts';
import { askBackEnd, isTraceMetric } from './back-end-queries.ts';
import { backEndName, type DataSource, type PanelQuery, type Target } from './dashboard.ts';
import { askGrafana } from './grafana-queries.ts';
import { fillVariables, windowOf } from './window.ts';

/** The result of a query. A refusal that is not final (nobody answers, too busy) may pass. */
export type Answer = { shows: 'data' | 'nothing' } | { refused: string; final: boolean };

/** Where a query is asked, or why it cannot be. */
export type Way = { name: string; ask: () => Promise<Answer> } | { missing: string };

/** Through Grafana where it runs, as the panel does; else the back end itself. */
export function wayOf(stage: RunningStage, query: PanelQuery, source: DataSource): Way {
  const backEnd = fedBackEnd(stage, source.type);
  if ('missing' in backEnd) return backEnd;
  const asker = askBackEnd[source.type];
  if (!asker) return { missing: `verify does not know how to ask a data source of the type ${source.type}` };
  const grafana = stage.backEnd('grafana');
  // A search for traces runs in the browser: Grafana's server does not know it.
  const inBrowser = source.type === 'tempo' && !isTraceMetric(query.target.query);
  return 'url' in grafana && !inBrowser
    ? { name: 'Grafana', ask: () => answerTo(query, source, (...words) => askGrafana(grafana.url, source, ...words)) }
    : { name: backEndName(source), ask: () => answerTo(query, source, (...words) => asker(backEnd.url, ...words)) };
}

async function answerTo(
  query: PanelQuery,
  source: DataSource,
  ask: (target: Target, window: ReturnType<typeof windowOf>) => Promise<boolean>,
): Promise<Answer> {
  const window = windowOf(query, source);
  try {
    const shows = await ask(fillVariables(query.target, window, source.scrapeInterval), window);
    return { shows: shows ? 'data' : 'nothing' };
  } catch (error) {
    const status = error instanceof Refusal ? error.status : 500;
    return { refused: messageOf(error), final: status >= 400 && status < 500 && status !== 429 };
  }
}
