import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as stable from '@opentelemetry/semantic-conventions';
import * as all from '@opentelemetry/semantic-conventions/incubating';
import { parseContract, type Contract } from '../../verify/contract/contract.ts';
import { readLined } from '../yaml-lines.ts';
import type { Fault } from './fault.ts';
import { known } from './known.ts';
import type { Project } from './project.ts';

const stableNames = namesIn(stable);
const allNames = namesIn(all);
const deprecated = readDeprecated();

/**
 * Attribute names in the contracts that are neither stable in the semantic conventions nor ours by their prefix, and
 * for which the contract gives no reason under `other_attributes`; and reasons there for names that need none.
 */
export function findOddAttributes({ files, read }: Project): Fault[] {
  const contracts = files.filter((file) => /^stage-\d+\/telemetry\.yaml$/.test(file));
  return contracts.flatMap((file) => {
    const contract = parseContract(read(file));
    const { lineOf } = readLined(read(file));
    const named = attributesOf(contract);
    const reasons = contract.other_attributes;
    return [
      ...[...named].flatMap(([name, path]) => faultOf(name, reasons, file, lineOf(path))),
      ...Object.keys(reasons)
        .filter((name) => !named.has(name) || statusOf(name) === undefined)
        .map((name) => needless(name, file, lineOf(['other_attributes', name]))),
    ];
  });
}

function faultOf(name: string, reasons: Record<string, string>, file: string, line: number): Fault[] {
  const status = statusOf(name);
  if (status === undefined || name in reasons) return [];
  const remedy = `Use a stable name (${conventions}), one with a prefix of ours (shared/lessons/check/known.yaml), or give the reason under other_attributes.`;
  return [{ file, line, fault: `the attribute ${name} ${status}`, remedy }];
}

function needless(name: string, file: string, line: number): Fault {
  const fault = `other_attributes gives a reason for ${name}, which needs none or does not occur`;
  return { file, line, fault, remedy: 'Remove it there.' };
}

const conventions = 'https://opentelemetry.io/docs/specs/semconv/registry/attributes/';

/** What is wrong with a name; nothing, if it is stable or ours. */
export function statusOf(name: string): string | undefined {
  if (stableNames.has(name) || known.attributes.some((prefix) => name.startsWith(`${prefix}.`))) return undefined;
  // In a resource: any attribute with that prefix, of which not all are stable.
  if (name.endsWith('.*') && [...allNames].some((known) => String(known).startsWith(name.slice(0, -1)))) {
    return 'includes names that are not stable yet';
  }
  if (deprecated.has(name)) return `is deprecated by the semantic conventions: ${deprecated.get(name)}`;
  return allNames.has(name) ? 'is not stable yet' : 'is not known to the semantic conventions';
}

/** Each name with the place where it occurs first. */
function attributesOf({ services }: Contract): Map<string, (string | number)[]> {
  const names = new Map<string, (string | number)[]>();
  const note = (rules: object, path: (string | number)[]): void => {
    for (const name of Object.keys(rules)) if (!names.has(name)) names.set(name, [...path, name]);
  };
  for (const [service, { spans, resource }] of Object.entries(services)) {
    note(resource, ['services', service, 'resource']);
    for (const [index, { attributes, some }] of spans.entries()) {
      note(attributes, ['services', service, 'spans', index, 'attributes']);
      note(some, ['services', service, 'spans', index, 'some']);
    }
  }
  return names;
}

function namesIn(constants: object): Set<unknown> {
  return new Set(Object.entries(constants).flatMap(([key, value]) => (key.startsWith('ATTR_') ? [value] : [])));
}

/** Only the comments of the package's types say what is deprecated, and by what it was replaced. */
function readDeprecated(): Map<string, string> {
  const entry = fileURLToPath(import.meta.resolve('@opentelemetry/semantic-conventions'));
  const types = readFileSync(entry.replace(/index\.mjs$/, 'experimental_attributes.d.mts'), 'utf8');
  const comments = types.matchAll(/@deprecated (.*)\n(?: \*.*\n)* \*\/\ndeclare const ATTR_\w+: "(.+)";/g);
  return new Map([...comments].map(([, instead, name]) => [name!, instead!]));
}
