import type { Span } from '../../runtime/receiver/model.ts';
import type { DeclaredRequest } from '../contract/contract.ts';
import { judged, type Check, type Place } from './check.ts';
import { fault, pending, type Fault } from './fault.ts';
import type { Metric } from './metrics.ts';

/**
 * What kind of request it is: one to be seen, one whose caller's trace is not sampled, one whose client hangs up, or one
 * that must leave nothing.
 */
export type RequestKind = 'requests' | 'unsampled' | 'hung_up' | 'silent';

/** A request that `verify` made, in a trace of its own. */
export interface MadeRequest extends DeclaredRequest {
  traceId: string;
  made: RequestKind;
}

/** How many requests a service says that it answered in a time, in milliseconds since 1970. */
export interface Answered {
  service: string;
  count: number;
  from: number;
  to: number;
}

function placeOf({ line, service, made }: MadeRequest, source: string): Place {
  const how = { requests: '', silent: '', unsampled: ', unsampled', hung_up: ', hung up' }[made];
  return { area: 'requests', service, name: line, subject: `request ${line}${how}`, source };
}

/** Compares each request with what it left: one server span in the service that was asked, or nothing. */
export function compareRequests(requests: MadeRequest[], spans: Span[], source: string): Check[] {
  return requests.map((request) => {
    const traced = spans.filter((span) => span.traceId === request.traceId);
    const place = placeOf(request, source);
    if (request.made === 'silent' || request.made === 'unsampled') {
      const faults = traced.length === 0 ? [] : [fault('unwanted-spans', { count: traced.length })];
      return judged(place, faults, adviceOn(request), 'no span');
    }
    const own = traced.filter((span) => span.service === request.service && span.kind === 'SERVER').length;
    return judged(place, countFaults(own, 1, 'one request'), adviceOn(request), 'one span');
  });
}

function adviceOn({ made }: MadeRequest): string {
  if (made === 'silent') return 'Leave it out of the instrumentation.';
  if (made === 'unsampled') return "Take the sampling decision from the caller's traceparent.";
  return 'Make sure that the request is instrumented, and only once.';
}

/** Compares the number of all requests, those of the traffic and of others too, with the number of server spans. */
export function compareCounts(answered: Answered[], spans: Span[], source: string): Check[] {
  return answered.map(({ service, count, from, to }) => {
    const ended = spans.filter(
      ({ kind, startMs, durationMs, ...span }) =>
        span.service === service && kind === 'SERVER' && startMs + durationMs >= from && startMs + durationMs <= to,
    );
    const faults = countFaults(ended.length, count, 'as many were counted');
    const subject = `${service} requests, all in that time`;
    const place: Place = { area: 'requests', service, name: 'all', subject, source };
    return judged(place, faults, 'Look for spans that are lost on the way, or made twice.', `${count} spans`);
  });
}

/** Looks among the log lines of a service for the requests that must leave none. */
export function compareSilence(service: string, requests: MadeRequest[], lines: string[], source: string): Check[] {
  const silent = requests.filter(({ made, ...request }) => made === 'silent' && request.service === service);
  return silent.map((request) => {
    const logged = lines.filter((text) => text.includes(request.traceId));
    const faults = logged.map((text) => fault('unwanted-line', { line: text.slice(0, 120) }));
    return judged(placeOf(request, source), faults, 'Log nothing for it.', 'no line');
  });
}

/** Looks among the exemplars of a service for traces that were never sent. */
export function compareExemplars(requests: MadeRequest[], metrics: Metric[], service: string, source: string): Check[] {
  const asked = requests.filter(({ made, ...request }) => made === 'unsampled' && request.service === service);
  return asked.map((request) => {
    const faults = metrics
      .filter(({ exemplars }) => exemplars.includes(request.traceId))
      .map(({ name }) => fault('unwanted-exemplar', { metric: name }));
    return judged(placeOf(request, source), faults, 'Only a sampled span gives an exemplar.', 'no exemplar');
  });
}

function countFaults(seen: number, expected: number, because: 'one request' | 'as many were counted'): Fault[] {
  if (seen === expected) return [];
  return [(seen < expected ? pending : fault)('span-count', { seen, expected, because })];
}
