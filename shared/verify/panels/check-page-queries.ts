import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pageQueries, type PageQuery } from '../../documents/check/queries.ts';
import { readPage } from '../../documents/page.ts';
import { repositoryRoot } from '../../runtime/places.ts';
import { judged, notChecked, type Check, type Place } from '../compare/check.ts';
import type { RunningStage } from '../stage/running-stage.ts';
import { patiently, refused } from './check-panels.ts';
import { backEndName, readDataSources, type DataSource } from './dashboard.ts';
import { wayOf } from './query-way.ts';

/** How far back a page's query looks, in milliseconds, as the dashboards do. */
const range = 900_000;

/** The pages whose queries a reader tries on a running stage. */
function pagesOf({ directory }: RunningStage): string[] {
  return [join(directory, 'README.md'), join(repositoryRoot, 'docs/glossary.md')].filter((file) => existsSync(file));
}

/**
 * Asks every query that the stage's page and the glossary show. A back end must accept each of them; whether there is
 * anything to show depends on what was done before, as much on a page is about failures.
 * @param patience milliseconds in which a back end must answer
 */
export function checkPageQueries(stage: RunningStage, patience: number): Promise<Check[]> {
  const deadline = Date.now() + patience;
  const sources = readDataSources(stage.directory);
  const queries = pagesOf(stage).flatMap((file) => {
    const page = readPage(relative(repositoryRoot, file), readFileSync(file, 'utf8'));
    return pageQueries(page).map((query) => {
      const source = sources.find(({ type }) => type === query.language);
      return checkPageQuery({ stage, source, deadline }, page.file, query);
    });
  });
  return Promise.all(queries);
}

interface Asked {
  stage: RunningStage;
  /** The data source that understands the query's language, if the stage has one. */
  source: DataSource | undefined;
  deadline: number;
}

async function checkPageQuery({ stage, source, deadline }: Asked, file: string, query: PageQuery): Promise<Check> {
  const { language, text, line } = query;
  const place = `${file}:${line}`;
  const thing = (where: string): Place => ({ area: 'queries', name: text, subject: place, source: where });
  if (!source) return notChecked(thing(language), `${stage.name} has no data source of that type`);
  const target = { refId: 'A', [language === 'tempo' ? 'query' : 'expr']: text };
  const way = wayOf(stage, { dashboard: file, panel: place, source, target, range }, source);
  if ('missing' in way) return notChecked(thing(backEndName(source)), way.missing);
  const answer = await patiently(way.ask, true, deadline);
  if ('refused' in answer) return refused(thing(way.name), answer.refused, text, place);
  return judged(thing(way.name), [], '', answer.shows === 'data' ? 'data' : 'accepted');
}
