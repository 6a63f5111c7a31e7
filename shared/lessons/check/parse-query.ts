import { parser as logql } from '@grafana/lezer-logql';
import { parser as traceql } from '@grafana/lezer-traceql';
import { parser as promql } from '@prometheus-io/lezer-promql';
import type { QueryLanguage } from './panel-queries.ts';

const parsers = { prometheus: promql, loki: logql, tempo: traceql } satisfies Record<QueryLanguage, unknown>;

/** Where a query stops parsing, from 0; undefined if all of it parses. */
export function syntaxErrorIn(language: QueryLanguage, text: string): number | undefined {
  let found: number | undefined;
  parsers[language].parse(text).iterate({
    enter: (node) => {
      if (node.type.isError) found ??= node.from;
    },
  });
  return found ?? (text.trim() === '' ? 0 : undefined);
}

/** The metrics that a PromQL query selects, by their names or by `__name__`. */
export function metricsIn(text: string): string[] {
  const names = new Set<string>();
  promql.parse(text).iterate({
    enter: ({ name, from, to, node }) => {
      const content = text.slice(from, to);
      if (name === 'Identifier' && node.parent?.name === 'VectorSelector') names.add(content);
      const matcher = name === 'UnquotedLabelMatcher' ? /^__name__\s*=~?\s*["'`](.*)["'`]$/.exec(content) : undefined;
      if (matcher) names.add(matcher[1]!);
    },
  });
  return [...names];
}
