import type { TestContext } from 'node:test';
import { openReceiver, type Receiver } from '../receiver/receiver.ts';

export const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
export const json = { 'content-type': 'application/json' };

export async function receiver(t: TestContext, mostTraces = 10): Promise<Receiver> {
  const opened = await openReceiver(0, { quiet: 20, quietIncomplete: 40, mostTraces });
  t.after(opened.close);
  return opened;
}

export function spanRequest(span: object, id = traceId): string {
  const whole = { traceId: id, spanId: '00f067aa0ba902b7', name: 'GET /roll', kind: 2, ...span };
  const times = { startTimeUnixNano: '1700000000000000000', endTimeUnixNano: '1700000000250000000' };
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'dice-roller' } }] };
  return JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans: [{ ...times, ...whole }] }] }] });
}

export async function get(url: string): Promise<any> {
  return (await fetch(url)).json();
}
