import { isDeepStrictEqual } from 'node:util';
import { silence, type Contract, type ServiceContract } from '../../verify/contract/contract.ts';

type Named = Record<string, unknown>[];

/** What a service gains, changes and loses of one kind. */
interface Row {
  service: string;
  signal: string;
  added: string[];
  changed: string[];
  removed: string[];
}

/** What a step does to telemetry: the difference of two contracts, as a Markdown table. */
export function telemetryTable(before: Contract, after: Contract): string {
  const names = [...new Set([...Object.keys(before.services), ...Object.keys(after.services)])];
  const rows = names.flatMap((name) =>
    serviceRows(name, before.services[name] ?? silence, after.services[name] ?? silence),
  );
  if (rows.length === 0) return 'This step changes no metric, span or log event.';
  return [
    '| Service | Signal | Added | Changed | Removed |',
    '|---|---|---|---|---|',
    ...rows.map(({ service, signal, added, changed, removed }) =>
      line([service, signal, ...[added, changed, removed].map((each) => each.join(', '))]),
    ),
  ].join('\n');
}

function line(cells: string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function serviceRows(service: string, before: ServiceContract, after: ServiceContract): Row[] {
  const rows = [
    row(service, 'metrics', metricsOf(before), metricsOf(after)),
    row(service, 'spans', variantsOf(before.spans, 'name'), variantsOf(after.spans, 'name')),
    row(service, 'log events', variantsOf(before.logs, 'message'), variantsOf(after.logs, 'message')),
    row(service, 'usage events', variantsOf(before.usage, 'message'), variantsOf(after.usage, 'message')),
  ];
  return rows.filter(({ added, changed, removed }) => added.length + changed.length + removed.length > 0);
}

function metricsOf({ metrics }: ServiceContract): Map<string, Named> {
  return new Map(Object.entries(metrics).map(([name, { some, ...metric }]) => [name, [{ ...metric, values: some }]]));
}

/** Spans of one name may come in several forms, and so may log events. */
function variantsOf(list: Named, key: string): Map<string, Named> {
  return Map.groupBy(list, (each) => String(each[key]));
}

function row(service: string, signal: string, before: Map<string, Named>, after: Map<string, Named>): Row {
  const names = (one: Map<string, Named>, other: Map<string, Named>): string[] =>
    [...one.keys()].filter((name) => !other.has(name)).map((name) => `\`${name}\``);
  const common = [...after.keys()].filter((name) => before.has(name));
  return {
    ...{ service, signal, added: names(after, before), removed: names(before, after) },
    changed: common.flatMap((name) => {
      const fields = changedFields(before.get(name)!, after.get(name)!);
      return fields.length > 0 ? [`\`${name}\` (${fields.join(', ')})`] : [];
    }),
  };
}

/** Words for keys of the contract. Whether something must be seen does not change what is emitted. */
const words: Record<string, string | undefined> = { some: 'attributes', some_events: 'events', optional: undefined };

/** What differs between the forms of one name. Forms that both have are left out, then those of the same `when` are compared. */
function changedFields(before: Named, after: Named): string[] {
  const lost = before.filter((form) => !after.some((other) => isSame(form, other)));
  const gained = after.filter((form) => !before.some((other) => isSame(form, other)));
  const keys = gained.flatMap((form) => {
    const old = lost.find(({ when }) => when === form.when);
    return old ? Object.keys({ ...old, ...form }).filter((key) => !isDeepStrictEqual(old[key], form[key])) : ['cases'];
  });
  const cases = lost.some(({ when }) => !gained.some((form) => form.when === when)) ? ['cases'] : [];
  const fields = [...keys, ...cases].map((key) => (key in words ? words[key] : key));
  return [...new Set(fields)].filter((field) => field !== undefined);
}

function isSame(form: Named[number], other: Named[number]): boolean {
  return isDeepStrictEqual({ ...form, optional: undefined }, { ...other, optional: undefined });
}
