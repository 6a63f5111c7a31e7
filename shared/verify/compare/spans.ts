import type { Span } from '../../runtime/receiver/model.ts';
import { isNameOf, type Contract, type DeclaredSpan } from '../contract/contract.ts';
import { judged, neverSeen, undeclared, type Check, type Place } from './check.ts';
import { fault, pending, type Fault, type FaultArguments } from './fault.ts';
import { unseenFaults, valueFaults } from './rules.ts';
import { observedSpans, type Observed } from './span-tree.ts';

type Services = Contract['services'];

/** Compares all spans with the contract, in both directions. Every span is ours, whatever its service calls itself. */
export function compareSpans(services: Services, spans: Span[], source: string): Check[] {
  const observed = observedSpans(spans);
  const names = new Set([...Object.keys(services), ...spans.map(({ service }) => service)]);
  return [...names].flatMap((name) => {
    const own = observed.filter(({ span }) => span.service === name);
    return compareService(name, services[name]?.spans ?? [], own, source);
  });
}

function compareService(service: string, declared: DeclaredSpan[], observed: Observed[], source: string): Check[] {
  const groups = Map.groupBy(observed, (one) => closest(declared, one));
  const unknown = Map.groupBy(groups.get(undefined) ?? [], ({ span }) => placeOf(service, span, source).subject);
  const advice = `Compare the spans of ${service} with its part of telemetry.yaml.`;
  return [
    ...declared.map((rule) => {
      const group = groups.get(rule) ?? [];
      const place = placeOf(service, rule, source);
      if (group.length > 0) return judged(place, spanFaults(rule, group), advice);
      return neverSeen(place, rule, advice, nearest(rule, observed));
    }),
    ...[...unknown.values()].map(([one]) => undeclared(placeOf(service, one!.span, source))),
  ];
}

function placeOf(service: string, span: Pick<Span, 'name' | 'kind'> | DeclaredSpan, source: string): Place {
  const { name } = span;
  const when = 'when' in span ? span.when : undefined;
  const subject = `${service} ${span.kind.toLowerCase()} span ${name}${when ? ` (${when})` : ''}`;
  return { area: 'spans', service, name, ...(when && { when }), subject, source };
}

/** By name and kind; among those that share them, the one that the span differs from least. */
function closest(declared: DeclaredSpan[], observed: Observed): DeclaredSpan | undefined {
  const { name, kind } = observed.span;
  const candidates = declared.filter((rule) => rule.kind === kind.toLowerCase() && isNameOf(rule, name));
  const faults = new Map(candidates.map((rule) => [rule, differences(rule, observed).length]));
  return candidates.sort((a, b) => faults.get(a)! - faults.get(b)!)[0];
}

function spanFaults(rule: DeclaredSpan, observed: Observed[]): Fault[] {
  const wrong = observed.flatMap((one) => differences(rule, one));
  // Nothing of what need not be seen must be complete.
  if (rule.optional) return wrong;
  const attributes = observed.map(({ span }) => span.attributes);
  const parents = rule.parent.filter((parent) => !observed.some((one) => one.parent === parent));
  return [
    ...wrong,
    ...parents.map((parent) => pending('unseen-parent', { parent })),
    ...unseenFaults('attribute', rule.attributes, attributes, rule.some),
  ];
}

function differences(rule: DeclaredSpan, { span, parent }: Observed): Fault[] {
  const events = [...new Set(span.events.map(({ name }) => name))];
  const status = span.status.toLowerCase();
  return [
    ...(rule.status.some((one) => one === status)
      ? []
      : [fault('wrong-status', { seen: status, declared: rule.status })]),
    ...parentFaults(rule, parent),
    ...valueFaults('attribute', rule.attributes, span.attributes, rule.some),
    ...rule.events.filter((event) => !events.includes(event)).map((event) => fault('missing-event', { event })),
    ...events
      .filter((event) => ![...rule.events, ...rule.some_events].includes(event))
      .map((event) => fault('undeclared-event', { event })),
  ];
}

/** Anybody may call a service, without being traced: a server span may always be a root. */
function parentFaults({ kind, parent: declared }: DeclaredSpan, seen: string): Fault[] {
  if (declared.includes(seen) || (kind === 'server' && seen === 'none')) return [];
  return [fault('wrong-parent', { seen, declared })];
}

/** What was seen instead: the span of the same kind that differs least, be it only in its name. */
function nearest(rule: DeclaredSpan, observed: Observed[]): FaultArguments['never-seen']['nearest'] {
  const sameKind = observed.filter(({ span }) => span.kind.toLowerCase() === rule.kind);
  const ranked = sameKind.map((one) => ({ name: one.span.name, faults: differences(rule, one) }));
  const best = ranked.sort((a, b) => a.faults.length - b.faults.length)[0];
  return best && best.faults.length <= 3 ? best : undefined;
}
