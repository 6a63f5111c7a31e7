import { Problem } from '../runtime/problem.ts';
import { checkContract, type Contract } from '../verify/contract/contract.ts';

type Tree = Record<string, any>;

/**
 * Amends a stage's contract by what an exercise asks for, as a merge patch (RFC 7396): what is named is added or
 * changed, and `null` removes it. Lists are patched by name: spans by `name (when)`, log lines by their message; the
 * second of a name is `name #2`.
 * @param amendment by service, in the form of telemetry.yaml
 * @throws Problem when the result is not a contract
 */
export function amend(contract: Contract, amendment: Record<string, unknown>): Contract {
  const services = Object.fromEntries(Object.entries(contract.services).map(([name, one]) => [name, named(one)]));
  const patched: Tree = mergePatch(services, amendment);
  const unknown = Object.keys(amendment).filter((name) => !(name in contract.services));
  if (unknown.length > 0) throw new Problem(`The contract has no service ${unknown.join(', ')} to amend.`);
  const listed = Object.entries(patched).map(([name, one]) => [name, unnamed(one)]);
  return { ...contract, services: checkContract({ services: Object.fromEntries(listed) }).services };
}

function named({ spans, logs, usage, ...rest }: Tree): Tree {
  const name = ({ name, when }: Tree): string => (when ? `${name} (${when})` : name);
  const message = (log: Tree): string => log.message;
  return { ...rest, spans: byName(spans, name), logs: byName(logs, message), usage: byName(usage, message) };
}

/** Of several with one name, the second is called `name #2`, and so on. */
function byName(things: Tree[], nameOf: (thing: Tree) => string): Tree {
  const groups = Object.entries(Object.groupBy(things, nameOf));
  return Object.fromEntries(
    groups.flatMap(([name, all]) => all!.map((thing, index) => [index === 0 ? name : `${name} #${index + 1}`, thing])),
  );
}

/** An added entry is named after its key, unless it gives another name. */
function unnamed({ spans, logs, usage, ...rest }: Tree): Tree {
  const listed = (things: Tree, key: string): Tree[] =>
    Object.entries(things).map(([name, thing]) => ({ [key]: name, ...thing }));
  return { ...rest, spans: listed(spans, 'name'), logs: listed(logs, 'message'), usage: listed(usage, 'message') };
}

function mergePatch(target: unknown, patch: unknown): any {
  if (!isTree(patch)) return patch;
  const result: Tree = isTree(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name];
    else result[name] = mergePatch(result[name], value);
  }
  return result;
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
