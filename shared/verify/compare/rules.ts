import { allows, mustBeSeen, type Rule } from '../contract/values.ts';
import { fault, pending, type Fault, type ValueOf } from './fault.ts';

type Values = Record<string, unknown>;
type Rules = Record<string, Rule>;

/**
 * Compares the values of one record (a log line's fields, a span's attributes) with their rules.
 * @param some rules of values that may be absent
 * @returns what is wrong, one fault for each value
 */
export function valueFaults(of: ValueOf, rules: Rules, values: Values, some: Rules = {}): Fault[] {
  const all = { ...some, ...rules };
  const missing = Object.keys(rules).filter((name) => !(name in values));
  const undeclared = Object.keys(values).filter((name) => !(name in all));
  const wrong = Object.keys(values).filter((name) => name in all && !allows(all[name]!, values[name]));
  return [
    ...missing.map((name) => fault('missing-value', { of, name })),
    ...undeclared.map((name) => fault('undeclared-value', { of, name, seen: values[name] })),
    ...wrong.map((name) => fault('wrong-value', { of, name, seen: values[name], declared: all[name]! })),
  ];
}

/** What the rules want seen and no record had. Values that no record has at all are left to {@link valueFaults}. */
export function unseenFaults(of: ValueOf, rules: Rules, records: Values[], some: Rules = {}): Fault[] {
  return Object.entries({ ...some, ...rules }).flatMap(([name, rule]) => {
    const seen = records.filter((record) => name in record).map((record) => record[name]);
    if (seen.length === 0) return name in some ? [pending('unseen-name', { of, name })] : [];
    const missing = mustBeSeen(rule).filter((value) => !seen.includes(value));
    return missing.map((declared) => pending('unseen-value', { of, name, declared }));
  });
}
