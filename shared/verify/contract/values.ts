/** What the contract says of a value: the value itself, a list whose values must each be seen, or a kind. */
export type Rule = Scalar | Scalar[];
export type Scalar = string | number | boolean;

/** https://opentelemetry.io/docs/specs/semconv/registry/attributes/http/: any other method is `_OTHER`. */
export const methods = ['CONNECT', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT', 'QUERY', 'TRACE'];

const kinds: Record<string, (value: unknown) => boolean> = {
  'any text': (value) => typeof value === 'string',
  'any integer': (value) => Number.isInteger(value),
  'any number': (value) => typeof value === 'number',
  'any boolean': (value) => typeof value === 'boolean',
  'any list': Array.isArray,
  'any method': (value) => [...methods, '_OTHER'].includes(String(value)),
};

/** Whether a seen value is one that the rule allows. `1` is not `'1'`: a changed type is a changed contract. */
export function allows(rule: Rule, value: unknown): boolean {
  const kind = typeof rule === 'string' ? kinds[rule] : undefined;
  return kind ? kind(value) : mustBeSeen(rule).some((allowed) => allowed === value);
}

/** The values that must each be seen; none for a kind. */
export function mustBeSeen(rule: Rule): Scalar[] {
  if (Array.isArray(rule)) return rule;
  return typeof rule === 'string' && rule in kinds ? [] : [rule];
}

/** For people: texts in quotes, so that `"1"` and `1` look different, and cut, since a client may have sent them. */
export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

/** The rule as it stands in the contract. */
export function showRule(rule: Rule): string {
  if (typeof rule === 'string' && rule in kinds) return rule;
  return mustBeSeen(rule).map(show).join(', ');
}
