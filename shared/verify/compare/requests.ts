import type { Span } from '../../runtime/receiver/model.ts';
import type { DeclaredRequest } from '../contract/contract.ts';
import { judged, type Check, type Fault } from './check.ts';

/** A request that `verify` made, in a trace of its own. */
export interface MadeRequest extends DeclaredRequest {
  traceId: string;
  /** It must leave nothing. */
  silent: boolean;
}

/** How many requests a service says that it answered in a time, in milliseconds since 1970. */
export interface Answered {
  service: string;
  count: number;
  from: number;
  to: number;
}

/** Holds each request of `verify` against what it left: one server span in the service that was asked, or nothing. */
export function compareRequests(requests: MadeRequest[], spans: Span[], source: string): Check[] {
  return requests.map(({ line, service, traceId, silent }) => {
    const traced = spans.filter((span) => span.traceId === traceId);
    const own = traced.filter((span) => span.service === service && span.kind === 'SERVER').length;
    const subject = `request ${line}`;
    const faults = silent ? silenceFaults(traced.length) : countFaults(own, 1, 'it is one request');
    const advice = silent
      ? 'Leave it out of the instrumentation.'
      : 'See that the request is instrumented, and that only once.';
    return judged({ area: 'requests', subject, source }, faults, advice, silent ? 'no span' : 'one span');
  });
}

/** Holds the number of all requests, those of the traffic and of others too, against the number of server spans. */
export function compareCounts(answered: Answered[], spans: Span[], source: string): Check[] {
  return answered.map(({ service, count, from, to }) => {
    const ended = spans.filter(
      ({ kind, startMs, durationMs, ...span }) =>
        span.service === service && kind === 'SERVER' && startMs + durationMs >= from && startMs + durationMs <= to,
    );
    const faults = countFaults(ended.length, count, 'http_requests_total counted as many requests');
    const thing = { area: 'requests' as const, subject: `${service} requests, all in that time`, source };
    return judged(thing, faults, 'Look for spans that are lost on their way, or made twice.', `${count} spans`);
  });
}

/** Holds the log lines of a service against the requests that must leave none. */
export function compareSilence(service: string, requests: MadeRequest[], lines: string[], source: string): Check[] {
  const silent = requests.filter((request) => request.silent && request.service === service);
  return silent.map(({ line, traceId }) => {
    const logged = lines.filter((text) => text.includes(traceId));
    const thing = { area: 'requests' as const, subject: `request ${line}`, source };
    const faults = logged.map((text) => ({ text: `was logged: ${text.slice(0, 120)}` }));
    return judged(thing, faults, 'Log nothing for it.', 'no line');
  });
}

function silenceFaults(count: number): Fault[] {
  return count === 0 ? [] : [{ text: `left ${count} spans and should leave none` }];
}

function countFaults(count: number, expected: number, why: string): Fault[] {
  if (count === expected) return [];
  return [{ text: `left ${count} server spans, expected are ${expected}: ${why}`, pending: count < expected }];
}
