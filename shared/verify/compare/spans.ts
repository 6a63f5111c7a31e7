import type { Span } from '../../runtime/receiver/model.ts';
import type { Contract, DeclaredSpan } from '../contract/contract.ts';
import { show } from '../contract/values.ts';
import { isCaller } from '../drive/caller.ts';
import { judged, neverSeen, undeclared, type Check, type Fault } from './check.ts';
import { unseenFaults, valueFaults } from './rules.ts';

/** A span with what it needs to know of its trace. */
interface Observed {
  span: Span;
  /** `none`, or service and name of the parent. */
  parent: string;
}

type Services = Contract['services'];

/**
 * Holds all spans against the contract, in both directions. Every span is ours, whatever its service calls itself.
 */
export function compareSpans(services: Services, spans: Span[], source: string): Check[] {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const observed = spans.map((span) => ({ span, parent: parentOf(span, byId) }));
  const names = new Set([...Object.keys(services), ...spans.map(({ service }) => service)]);
  return [...names].flatMap((name) => {
    const own = observed.filter(({ span }) => span.service === name);
    return compareService(name, services[name]?.spans ?? [], own, source);
  });
}

function parentOf({ parentSpanId }: Span, byId: Map<string, Span>): string {
  if (parentSpanId === undefined || isCaller(parentSpanId)) return 'none';
  const parent = byId.get(parentSpanId);
  return parent ? `${parent.service} ${parent.name}` : 'a span that was not seen';
}

function compareService(service: string, declared: DeclaredSpan[], observed: Observed[], source: string): Check[] {
  const thing = (what: string) => ({ area: 'spans' as const, subject: `${service} ${what}`, source });
  const groups = Map.groupBy(observed, (one) => closest(declared, one));
  const unknown = Map.groupBy(groups.get(undefined) ?? [], ({ span }) => title(span));
  const advice = `Compare the spans of ${service} with its part of telemetry.yaml.`;
  return [
    ...declared.map((rule) => {
      const group = groups.get(rule) ?? [];
      if (group.length > 0) return judged(thing(title(rule)), spanFaults(rule, group), advice);
      return neverSeen(thing(title(rule)), rule.optional, advice, nearest(rule, observed));
    }),
    ...[...unknown.keys()].map((name) => undeclared(thing(name))),
  ];
}

function title(span: Pick<Span, 'name' | 'kind'> | DeclaredSpan): string {
  const when = 'when' in span && span.when ? ` (${span.when})` : '';
  return `${span.kind.toLowerCase()} span ${span.name}${when}`;
}

/** By name and kind; among those that share them, the one that the span differs from least. */
function closest(declared: DeclaredSpan[], observed: Observed): DeclaredSpan | undefined {
  const { name, kind } = observed.span;
  const candidates = declared.filter((rule) => rule.name === name && rule.kind === kind.toLowerCase());
  const faults = new Map(candidates.map((rule) => [rule, differences(rule, observed).length]));
  return candidates.sort((a, b) => faults.get(a)! - faults.get(b)!)[0];
}

function spanFaults(rule: DeclaredSpan, observed: Observed[]): Fault[] {
  const wrong = observed.flatMap((one) => differences(rule, one)).map((text) => ({ text }));
  // Nothing of what need not be seen must be complete.
  if (rule.optional) return wrong;
  const attributes = observed.map(({ span }) => span.attributes);
  const parents = [rule.parent].flat().filter((parent) => !observed.some((one) => one.parent === parent));
  const unseenParents = parents.map((parent) => ({ text: `never had the parent ${parent}`, pending: true }));
  return [...wrong, ...unseenParents, ...unseenFaults('attribute', rule.attributes, attributes, rule.some)];
}

function differences(rule: DeclaredSpan, { span, parent }: Observed): string[] {
  const events = [...new Set(span.events.map(({ name }) => name))];
  const status = span.status.toLowerCase();
  return [
    ...(status === rule.status ? [] : [`status was ${status}, declared is ${rule.status}`]),
    ...([rule.parent].flat().includes(parent) ? [] : [`parent was ${parent}, declared is ${show(rule.parent)}`]),
    ...valueFaults('attribute', rule.attributes, span.attributes, rule.some),
    ...rule.events.filter((name) => !events.includes(name)).map((name) => `lacks the event ${name}`),
    ...events
      .filter((name) => ![...rule.events, ...rule.some_events].includes(name))
      .map((name) => `has the undeclared event ${name}`),
  ];
}

/** What was seen instead: the span of the same kind that differs least, be it only in its name. */
function nearest(rule: DeclaredSpan, observed: Observed[]): string {
  const sameKind = observed.filter(({ span }) => span.kind.toLowerCase() === rule.kind);
  const ranked = sameKind.map((one) => ({ name: one.span.name, faults: differences(rule, one) }));
  const best = ranked.sort((a, b) => a.faults.length - b.faults.length)[0];
  if (!best || best.faults.length > 3) return '';
  return `; nearest to it is a span named ${[show(best.name), ...best.faults].join(', that ')}`;
}
