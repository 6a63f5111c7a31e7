import type { Fault } from '../../lessons/check/fault.ts';
import type { QueryLanguage } from '../../lessons/check/panel-queries.ts';
import { syntaxErrorIn } from '../../lessons/check/parse-query.ts';
import type { Page, Placed } from '../page.ts';
import type { Documents } from './documents.ts';

const languages: Record<string, QueryLanguage> = { promql: 'prometheus', logql: 'loki', traceql: 'tempo' };

/** A query of a page: a line of a `promql`, `logql` or `traceql` block. */
export interface PageQuery extends Placed {
  language: QueryLanguage;
}

/** Every query that a page shows. */
export function pageQueries({ blocks }: Page): PageQuery[] {
  return blocks.flatMap(({ language, text, line }) => {
    const known = languages[language];
    if (!known) return [];
    const lines = text.split('\n').map((query, index) => ({ language: known, text: query, line: line + 1 + index }));
    return lines.filter((query) => query.text.trim() !== '');
  });
}

/** Queries that do not parse. Their names are checked with all others. */
export function findBadQueries({ pages }: Documents): Fault[] {
  return pages.flatMap((page) =>
    pageQueries(page).flatMap(({ language, text, line }) => {
      const at = syntaxErrorIn(language, text);
      if (at === undefined) return [];
      return [
        { file: page.file, line, fault: `this query does not parse at character ${at + 1}`, remedy: `Fix it: ${text}` },
      ];
    }),
  );
}
