import { Problem } from '../problem.ts';

type Variables = Record<string, string | undefined>;

/** `${NAME}` with an optional operator and operand, at the start of a text whose braces are balanced. */
const expression = /^([A-Za-z_]\w*)(?:(:?[-?+])([\s\S]*))?$/;

/**
 * Replaces variables as Docker Compose does: `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME-default}`, `:?`, `?`, `:+`,
 * `+`, nested defaults, and `$$` for a dollar sign. An unset variable is empty.
 * Rules: https://docs.docker.com/reference/compose-file/interpolation/
 * @throws Problem for a required variable that is missing, or for a text that cannot be read
 */
export function interpolate(text: string, variables: Variables): string {
  let result = '';
  for (let at = 0; at < text.length; at++) {
    if (text[at] !== '$') {
      result += text[at];
    } else if (text[at + 1] === '$') {
      result += '$';
      at++;
    } else if (text[at + 1] === '{') {
      const end = closingBrace(text, at + 2);
      result += evaluate(text.slice(at + 2, end), variables);
      at = end;
    } else {
      const name = /^[A-Za-z_]\w*/.exec(text.slice(at + 1))?.[0];
      if (name === undefined) throw new Problem(`"${text}": write $$ for a dollar sign.`);
      result += variables[name] ?? '';
      at += name.length;
    }
  }
  return result;
}

/** The names of the variables in a text that was not yet interpolated, e.g. to say which one moves a port. */
export function variableNames(text: string): string[] {
  return [...text.matchAll(/(?<!\$)\$\{?([A-Za-z_]\w*)/g)].map((match) => match[1]!);
}

function closingBrace(text: string, from: number): number {
  let depth = 1;
  for (let at = from; at < text.length; at++) {
    if (text.startsWith('${', at)) depth++;
    if (text[at] === '}' && --depth === 0) return at;
  }
  throw new Problem(`"${text}": a closing brace is missing.`);
}

function evaluate(inside: string, variables: Variables): string {
  const [, name, operator = '', operand = ''] = expression.exec(inside) ?? [];
  if (name === undefined) throw new Problem(`"\${${inside}}" is not a variable that Compose knows.`);
  const value = variables[name];
  const given = operator.startsWith(':') ? value !== undefined && value !== '' : value !== undefined;
  if (operator.endsWith('+')) return given ? interpolate(operand, variables) : '';
  if (given) return value!;
  if (operator.endsWith('-')) return interpolate(operand, variables);
  if (operator.endsWith('?')) throw new Problem(`Set ${name}: ${interpolate(operand, variables) || 'it is required'}.`);
  return value ?? '';
}

/** Interpolates every text in a tree of lists and maps; keys stay as they are, as in Compose. */
export function interpolateTree<T>(tree: T, variables: Variables): T {
  if (typeof tree === 'string') return interpolate(tree, variables) as T;
  if (Array.isArray(tree)) return tree.map((item) => interpolateTree(item, variables)) as T;
  if (tree === null || typeof tree !== 'object') return tree;
  return Object.fromEntries(Object.entries(tree).map(([key, value]) => [key, interpolateTree(value, variables)])) as T;
}
