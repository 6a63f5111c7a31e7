import { allows, mustBeSeen, show, showRule, type Rule } from '../contract/values.ts';
import type { Fault } from './check.ts';

type Values = Record<string, unknown>;
type Rules = Record<string, Rule>;

/**
 * Holds the values of one record (a log line's fields, a span's attributes) against their rules.
 * @param word what a value is called here: `field`, `attribute`
 * @param some rules of values that may be absent
 * @returns what is wrong, one text for each value
 */
export function valueFaults(word: string, rules: Rules, values: Values, some: Rules = {}): string[] {
  const all = { ...some, ...rules };
  const lacking = Object.keys(rules).filter((name) => !(name in values));
  const undeclared = Object.keys(values).filter((name) => !(name in all));
  const wrong = Object.keys(values).filter((name) => name in all && !allows(all[name]!, values[name]));
  return [
    ...lacking.map((name) => `lacks the ${word} ${name}`),
    ...undeclared.map((name) => `has the undeclared ${word} ${name} (${show(values[name])})`),
    ...wrong.map((name) => `${word} ${name} was ${show(values[name])}, declared is ${showRule(all[name]!)}`),
  ];
}

/** What the rules want seen and no record had. Values that no record has at all are left to {@link valueFaults}. */
export function unseenFaults(word: string, rules: Rules, records: Values[], some: Rules = {}): Fault[] {
  const unseen = Object.entries({ ...some, ...rules }).flatMap(([name, rule]) => {
    const seen = records.filter((record) => name in record).map((record) => record[name]);
    if (seen.length === 0) return name in some ? [`${word} ${name} was never seen`] : [];
    const missing = mustBeSeen(rule).filter((value) => !seen.includes(value));
    return missing.map((value) => `${word} ${name} never had the value ${show(value)}`);
  });
  return unseen.map((text) => ({ text, pending: true }));
}
