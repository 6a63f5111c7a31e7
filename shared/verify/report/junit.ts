import { create } from 'xmlbuilder2';
import type { Check } from '../compare/check.ts';
import { faultTexts } from './summary.ts';

/** The checks as JUnit XML, a suite for each area. What was not checked is skipped, with its reason. */
export function junit(stage: string, checks: Check[]): string {
  const suites = [...Map.groupBy(checks, (check) => check.area)].map(([area, members]) => ({
    ...{ '@name': `${stage} ${area}`, ...counts(members) },
    testcase: members.map((check) => testCase(`${stage}.${area}`, check)),
  }));
  const tree = { testsuites: { '@name': `${stage} verify`, ...counts(checks), testsuite: suites } };
  // A message may quote what a client sent.
  return create({ version: '1.0', encoding: 'UTF-8', invalidCharReplacement: '?' }, tree).end({ prettyPrint: true });
}

function counts(checks: Check[]): Record<string, number> {
  const count = (outcome: Check['outcome']): number => checks.filter((check) => check.outcome === outcome).length;
  return { '@tests': checks.length, '@failures': count('failed'), '@errors': 0, '@skipped': count('not checked') };
}

function testCase(classname: string, check: Check): Record<string, unknown> {
  const { subject, source, outcome, reason = '', advice = '' } = check;
  const named = { '@classname': classname, '@name': `${subject} (${source})` };
  if (outcome === 'passed') return named;
  if (outcome === 'not checked') return { ...named, skipped: { '@message': reason } };
  const texts = faultTexts(check);
  return { ...named, failure: { '@message': texts[0] ?? '', '#': [...texts, advice].join('\n') } };
}
