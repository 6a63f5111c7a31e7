import type { Span } from '../../runtime/receiver/model.ts';
import type { Contract } from '../contract/contract.ts';
import { judged, type Check } from './check.ts';
import { pending } from './fault.ts';

/**
 * Looks for calls between our services whose trace breaks off: a client span that was answered well has a server span
 * below it. Since any server span may be a root, a lost `traceparent` shows only here.
 */
export function comparePropagation({ services, silent }: Contract, spans: Span[], source: string): Check[] {
  const paths = silent.map(({ path }) => path);
  const followed = new Set(spans.filter(({ kind }) => kind === 'SERVER').map(({ parentSpanId }) => parentSpanId));
  const callers = Object.entries(services).filter(([, { spans: own }]) => own.some(isHttpCall));
  return callers.map(([service]) => {
    const calls = spans.filter((span) => span.service === service && wasAnswered(span, paths));
    const faults = calls
      .filter(({ spanId }) => !followed.has(spanId))
      .map(({ name, traceId }) => pending('broken-trace', { span: name, traceId }));
    const place = { area: 'spans', service, name: 'calls', subject: `${service} calls that go on`, source } as const;
    return judged(
      place,
      faults.slice(0, 3),
      'Make sure that the call sends traceparent, and that the called service reads it.',
    );
  });
}

function isHttpCall({ kind, attributes }: { kind: string; attributes: object }): boolean {
  return kind === 'client' && 'http.request.method' in attributes;
}

function wasAnswered({ kind, attributes }: Span, silent: string[]): boolean {
  const status = attributes['http.response.status_code'];
  return kind === 'CLIENT' && status === 200 && !silent.includes(String(attributes['url.path']));
}
