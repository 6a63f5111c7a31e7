import type { Span } from '../../runtime/receiver/model.ts';
import type { Contract } from '../contract/contract.ts';
import { judged, notChecked, type Check, type Place } from './check.ts';
import { pending, type Fault } from './fault.ts';
import { unseenFaults, valueFaults } from './rules.ts';

const advice = 'Compare OTEL_RESOURCE_ATTRIBUTES and the detectors in compose.yaml with telemetry.yaml.';

/**
 * Compares what each service says of itself, its resource, with its contract, in both directions. `process.*` there is any
 * attribute with that prefix.
 */
export function compareResources({ services }: Contract, spans: Span[], source: string): Check[] {
  const traced = Object.entries(services).filter(([, { spans: declared }]) => declared.length > 0);
  return traced.map(([service, { resource: rules }]) => {
    const place: Place = { area: 'resources', service, name: 'resource', subject: `${service} resource`, source };
    const own = spans.filter((span) => span.service === service);
    const seen = own.flatMap(({ resource }) => (resource ? [resource] : []));
    if (own.length > 0 && seen.length === 0) return notChecked(place, `${source} does not show resources here`);
    if (seen.length === 0) return judged(place, [pending('never-seen', {})], advice);
    return judged(place, resourceFaults(rules, seen), advice);
  });
}

function resourceFaults(rules: Contract['services'][string]['resource'], seen: Record<string, unknown>[]): Fault[] {
  const isWide = ([name]: [string, unknown]): boolean => name.endsWith('.*');
  const exact = Object.fromEntries(Object.entries(rules).filter((rule) => !isWide(rule)));
  const prefixes = Object.entries(rules)
    .filter(isWide)
    .map(([name]) => name.slice(0, -1));
  const inPrefix = (name: string): boolean => !(name in exact) && prefixes.some((prefix) => name.startsWith(prefix));
  const others = seen.map((one) => Object.fromEntries(Object.entries(one).filter(([name]) => !inPrefix(name))));
  const names = seen.flatMap((one) => Object.keys(one));
  const unused = prefixes.filter((prefix) => !names.some((name) => name.startsWith(prefix)));
  return [
    ...others.flatMap((one) => valueFaults('resource attribute', exact, one)),
    ...unseenFaults('resource attribute', exact, others),
    ...unused.map((prefix) => pending('unseen-name', { of: 'resource attribute', name: `${prefix}*` })),
  ];
}
